/** One bar of a chart; `name` and `valueText` are ready for reading. */
export interface Bar {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly valueText: string;
  /** Why it stands for less than the others do, as when its time is still running; null for a whole one. */
  readonly partNote: string | null;
}
