/** The order of the lines in which they are drawn and told apart, by colour and by dash. */
export const LINE_TONES = ['first', 'second', 'third'] as const;
export type LineTone = (typeof LINE_TONES)[number];

export interface Line {
  readonly key: string;
  readonly name: string;
}

/** What all lines have at one place; `name` and the texts are ready for reading. */
export interface LinePoint {
  readonly key: string;
  readonly name: string;
  /** In the order of the lines; null where there is none: a gap. */
  readonly values: readonly (number | null)[];
  readonly texts: readonly string[];
  /** Why it stands for less than the others do, as when its time is still running; null for a whole one. */
  readonly partNote: string | null;
}

/** The tone of one of so many lines; a line alone is the plainest. */
export function toneOf(index: number, count: number): LineTone {
  return count === 1 ? 'second' : (LINE_TONES[index % LINE_TONES.length] ?? 'first');
}

const HEIGHT = 100;

/** One line as an SVG path of a slot of width 1 per value and a height of 100, which begins anew after each gap; a value between gaps is a stroke of no length, which has round ends. */
export function pathOf(values: readonly (number | null)[], highest: number): string {
  return values
    .map((value, index) => {
      if (value === null) return '';
      const place = `${(index + 0.5).toFixed(1)} ${(HEIGHT - (highest > 0 ? value / highest : 0) * HEIGHT).toFixed(2)}`;
      const isFirst = (values[index - 1] ?? null) === null;
      const isLast = (values[index + 1] ?? null) === null;
      return `${isFirst ? 'M' : 'L'}${place}${isFirst && isLast ? 'h0' : ''}`;
    })
    .join('');
}

/** Whether a line would show nothing of a value, because there are gaps on both of its sides. */
export function isLonely(points: readonly LinePoint[], line: number, index: number): boolean {
  const valueAt = (at: number) => points[at]?.values[line] ?? null;
  return valueAt(index) !== null && valueAt(index - 1) === null && valueAt(index + 1) === null;
}

/** What the axis of values needs to be told: where all are zero it has that one mark, for any other would be made up. */
export function axisOf(points: readonly LinePoint[]): { readonly domain?: [number, number]; readonly ticks?: number[] } {
  const isFlat = points.every(({ values }) => values.every((value) => value === null || value === 0));
  return isFlat ? { domain: [0, 1], ticks: [0] } : {};
}
