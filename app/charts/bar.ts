/** One bar of a chart; `name` and `valueText` are ready for reading. */
export interface Bar {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly valueText: string;
  /** Its time is still running. */
  readonly isUnfinished: boolean;
}
