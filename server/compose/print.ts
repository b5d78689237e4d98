/** Tells the person who started the program what is happening; plain lines on standard output, apart from the log. */
export type Print = (line: string) => void;
