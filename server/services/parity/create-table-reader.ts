import type { Executor } from '#db/client.ts';
import { findFirstOpen } from '#db/queries/parity.ts';
import { addAmounts, type Amounts, NOTHING, readBooked, readWritten } from './written.ts';

const MINUTE_MS = 60_000;
/** What is older cannot change any more: no transaction, retry or clock is late by so much. */
const SETTLING_MS = 10 * MINUTE_MS;
/** An attempt that has not ended by then belongs to nobody any more, and never will be counted. */
const OPEN_MS_MAX = 60 * MINUTE_MS;
/** Nothing that we write is dated further ahead, whatever the clock of a sender. */
const AHEAD_MS = 24 * 60 * MINUTE_MS;

/** Reads what the tables say that a process wrote since its start. */
export type TableReader = (now: Date) => Promise<Amounts>;

/**
 * Reads what one process has written since `startedAt`, at a cost that does not grow with its age: what cannot change any
 * more is summed once and kept, and only what is newer than that is read again.
 */
export function createTableReader(executor: Executor, processId: number, startedAt: Date): TableReader {
  let kept = { upTo: new Date(startedAt.getTime() - OPEN_MS_MAX), amounts: NOTHING };

  async function keepSettled(now: Date): Promise<void> {
    const settledTo = new Date(now.getTime() - SETTLING_MS);
    if (settledTo <= kept.upTo) return;
    const openFrom = new Date(Math.max(kept.upTo.getTime(), now.getTime() - OPEN_MS_MAX));
    const upTo = (await findFirstOpen(executor, processId, { from: openFrom, to: settledTo })) ?? settledTo;
    const settled = await readWritten(executor, processId, { from: kept.upTo, to: upTo });
    kept = { upTo, amounts: addAmounts(kept.amounts, settled) };
  }

  return async (now) => {
    await keepSettled(now);
    const recent = await readWritten(executor, processId, { from: kept.upTo, to: new Date(now.getTime() + AHEAD_MS) });
    return addAmounts(addAmounts(kept.amounts, recent), await readBooked(executor, processId));
  };
}
