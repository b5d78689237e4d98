import type { ResolvedRange } from '#server/contracts/time-range.ts';

const GENERATIONS_PATH = '/monitoring/generations';

/** The list of the attempts of a range, narrowed by filters; an undefined one is left out. */
export function generationsPath(range: ResolvedRange, filters: Readonly<Record<string, string | undefined>>): string {
  const span = range.preset ? { range: range.preset } : { from: range.from, to: range.to };
  const set = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return `${GENERATIONS_PATH}?${new URLSearchParams({ ...span, ...Object.fromEntries(set) }).toString()}`;
}

/** The story of one attempt. */
export function generationPath(requestId: string): string {
  return `${GENERATIONS_PATH}/${requestId}`;
}
