/** What the parts of a stack look like: told apart by colour and by their order. `rest` is what has no name of its own. */
export const STACK_TONES = ['first', 'second', 'third', 'fourth', 'fifth', 'rest', 'good', 'warn', 'bad'] as const;
export type StackTone = (typeof STACK_TONES)[number];

/** A part that every bar has, from the bottom up. */
export interface StackPart {
  readonly key: string;
  readonly name: string;
  readonly tone: StackTone;
  /** Where its name leads; nowhere unless given. */
  readonly to?: string;
}

/** One bar; names and texts are ready for reading. */
export interface StackBar {
  readonly key: string;
  readonly name: string;
  /** In the order of the parts. */
  readonly values: readonly number[];
  readonly texts: readonly string[];
  /** Why it stands for less than the others do, as when its time is still running; null for a whole one. */
  readonly partNote: string | null;
}

/** The tone of the part of an index among those that have a name of their own. */
export function stackTone(index: number): StackTone {
  return STACK_TONES.slice(0, 5)[index % 5] ?? 'first';
}

/** How high a bar is. */
export function heightOf({ values }: StackBar): number {
  return values.reduce((sum, value) => sum + value, 0);
}
