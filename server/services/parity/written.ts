import type { Executor } from '#db/client.ts';
import type { InstantRange } from '#db/queries/ledger.ts';
import { countBooked, countHandled, sumCorrected, sumEnded, sumResolved } from '#db/queries/parity.ts';
import { PARITY_QUANTITIES, type ParityQuantity } from '#server/contracts/vocabulary.ts';
import { addUsd } from '#server/lib/money.ts';

/** One amount for each quantity, as decimal text. */
export type Amounts = Readonly<Record<ParityQuantity, string>>;

export const NOTHING: Amounts = amountsOf(() => '0');

function amountsOf(amountOf: (quantity: ParityQuantity) => string): Amounts {
  const amounts = Object.fromEntries(PARITY_QUANTITIES.map((quantity) => [quantity, amountOf(quantity)]));
  return amounts as Record<ParityQuantity, string>;
}

/** The sums of two, quantity by quantity. */
export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return amountsOf((quantity) => addUsd(a[quantity], b[quantity]));
}

/** What the tables say that a process wrote in a range of time, payments left out. */
export async function readWritten(executor: Executor, processId: number, range: InstantRange): Promise<Amounts> {
  // One after the other: nobody waits for it, and others want the connections.
  const [ended] = await sumEnded(executor, processId, range);
  const [resolved] = await sumResolved(executor, processId, range);
  const [corrected] = await sumCorrected(executor, processId, range);
  const [handled] = await countHandled(executor, processId, range);
  return {
    generations: String(ended?.generations ?? 0),
    prompt_tokens: String((ended?.promptTokens ?? 0) + (resolved?.promptTokens ?? 0)),
    completion_tokens: String((ended?.completionTokens ?? 0) + (resolved?.completionTokens ?? 0)),
    cost_dollars: addUsd(addUsd(ended?.costUsd ?? '0', resolved?.costUsd ?? '0'), corrected?.costUsd ?? '0'),
    updates: String(handled?.updates ?? 0),
    failed_updates: String(handled?.failedUpdates ?? 0),
    payments: '0',
  };
}

/** What a process booked of payments; their own time may be long past. */
export async function readBooked(executor: Executor, processId: number): Promise<Amounts> {
  const [booked] = await countBooked(executor, processId);
  return { ...NOTHING, payments: String(booked?.payments ?? 0) };
}
