import type { Figures } from './peers/peer.ts';

const TOLERANCE = 0.05;
const TOLD_MAX = 5;

/**
 * What is wrong when both do not tell the same, else null: sums and counts to the last digit, percentiles within five percent. What one does not tell at all counts
 * as nothing: a report fills empty days with zeros, and plain SQL leaves them out. A bench of wrong answers is worth nothing.
 */
export function findFault(ours: Figures, theirs: Figures): string | null {
  const faults = [
    ...differences(ours.exact, theirs.exact, (a, b) => a === b || (isNothing(a) && isNothing(b))),
    ...differences(ours.near, theirs.near, (a, b) => (a === null || b === null ? a === b : Math.abs(a - b) <= TOLERANCE * Math.abs(b))),
  ];
  return faults.length === 0 ? null : `${faults.length} figures differ: ${faults.slice(0, TOLD_MAX).join('; ')}`;
}

const isNothing = (value: string | null) => value === null || Number(value) === 0;

function differences<T>(ours: Readonly<Record<string, T>>, theirs: Readonly<Record<string, T>>, isSame: (a: T | null, b: T | null) => boolean): string[] {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return names.flatMap((name) => {
    const [a, b] = [ours[name] ?? null, theirs[name] ?? null];
    return isSame(a, b) ? [] : [`${name} is ${String(a)}, not ${String(b)}`];
  });
}
