import { ChangeNote, type ChangeNoteProps } from './change-note.tsx';

export interface FigureChangeProps<Value extends number | string> extends Pick<ChangeNoteProps, 'welcome'> {
  readonly figure: Value | null;
  /** The same of the compared range; undefined: nothing is compared. */
  readonly earlier: Value | null | undefined;
  readonly format: (value: Value) => string;
}

/** How a figure changed against the compared range; nothing where none is compared. */
export function FigureChange<Value extends number | string>({ figure, earlier, format, welcome }: FigureChangeProps<Value>) {
  if (earlier === undefined) return null;
  return <ChangeNote figure={figure} earlier={earlier} earlierText={earlier === null ? null : format(earlier)} {...(welcome && { welcome })} />;
}
