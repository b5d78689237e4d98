/** Why nothing was measured, as the section tells it. */
export interface DriftAnswer {
  readonly refusal: 'throttled' | 'unavailable';
}

const MEASURED = 'measured';

/** The page that was asked from, which then says that it was measured. */
export function measuredPath(url: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.set('drift', MEASURED);
  return `${pathname}?${searchParams.toString()}#drift`;
}

/** Whether the address says that it was just measured. */
export function isMeasured(search: string): boolean {
  return new URLSearchParams(search).get('drift') === MEASURED;
}
