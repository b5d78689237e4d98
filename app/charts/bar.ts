/** One bar of a chart; `name` and `valueText` are ready for reading. */
export interface Bar {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly valueText: string;
  /** Why it stands for less than the others do, as when its time is still running; null for a whole one. */
  readonly partNote: string | null;
  /** What it is compared with; null where there is none, left out where nothing is compared. */
  readonly before?: Pick<Bar, 'name' | 'value' | 'valueText'> | null;
}

/** What the two things are called that a chart compares. */
export interface ComparedNames {
  readonly now: string;
  readonly before: string;
}

/** The highest of all bars and of what they are compared with; null without any bar. */
export function highestOf(bars: readonly Bar[]): Pick<Bar, 'value' | 'valueText'> | null {
  const all = bars.flatMap((bar) => (bar.before ? [bar, bar.before] : [bar]));
  return all.reduce<Pick<Bar, 'value' | 'valueText'> | null>((best, one) => (best && best.value >= one.value ? best : one), null);
}
