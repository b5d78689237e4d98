import type { PlanFaults, PlanValues, TextFault } from './form-values.ts';

export type Conflict = 'acknowledged' | 'notRunning' | 'begun' | 'tooMany';

/** Why a form of the page was refused, as the page tells it; what was typed stands in it again. */
export type HealthAnswer =
  | { readonly kind: 'note'; readonly incidentId: number; readonly note: string; readonly fault: TextFault }
  | { readonly kind: 'plan'; readonly values: PlanValues; readonly faults: PlanFaults; readonly conflict: 'tooMany' | null }
  | { readonly kind: 'conflict'; readonly conflict: Exclude<Conflict, 'tooMany'> };

const DONE = { acknowledged: 'incidents', planned: 'maintenance', ended: 'maintenance', deleted: 'maintenance' } as const;
export type Done = keyof typeof DONE;
type DoneIn<Part> = { [Each in Done]: (typeof DONE)[Each] extends Part ? Each : never }[Done];

/** The page that was asked from, which then says in its section what was done. */
export function donePath(url: string, done: Done): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.set('done', done);
  return `${pathname}?${searchParams.toString()}#${DONE[done]}`;
}

/** What the address says was just done in a section; null for nothing. */
export function findDone<Part extends (typeof DONE)[Done]>(search: string, part: Part): DoneIn<Part> | null {
  const told = new URLSearchParams(search).get('done');
  const isOfPart = (done: string): done is DoneIn<Part> => done === told && Object.entries(DONE).some(([each, where]) => each === done && where === part);
  return Object.keys(DONE).find(isOfPart) ?? null;
}
