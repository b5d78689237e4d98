import type { Executor } from '#db/client.ts';
import type { Parity, ParityDifference, ParityPort } from '#server/contracts/parity.ts';
import { PARITY_QUANTITIES, type ParityQuantity } from '#server/contracts/vocabulary.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import { compareUsd, subtractUsd, toLedgerUsd } from '#server/lib/money.ts';
import { sleep } from '#server/lib/sleep.ts';
import { createTableReader, type TableReader } from './create-table-reader.ts';
import type { Amounts } from './written.ts';

export interface ParityDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The process whose counters these are. */
  readonly processId: number;
  /** What its counters say since its start, exactly; memory only. */
  readonly readCounters: () => Amounts;
  readonly onCompared: (differences: Readonly<Record<ParityQuantity, number>>) => void;
  readonly pauseMs?: number;
}

export interface ParityCheck extends ParityPort {
  /** Compares now; rejects, and changes nothing, when the tables cannot be read. */
  compare(): Promise<Parity>;
}

/** A row is counted within milliseconds of its commit: who looks just then looks again. */
const READINGS_MAX = 5;
const PAUSE_MS = 200;

/** Holds the counters of this process against what the tables say that it wrote; told once when they part, and once when they meet again. */
export function createParityCheck(deps: ParityDeps): ParityCheck {
  const { clock, logger } = deps;
  const readTables = createTableReader(deps.db, deps.processId, clock.now());
  let latest: Parity | null = null;
  let areEqual = true;

  function tell(differences: readonly ParityDifference[]): void {
    const apart = differences.filter(isApart);
    if (areEqual && apart.length > 0) logger.error({ apart }, 'counters and tables differ');
    if (!areEqual && apart.length === 0) logger.warn('counters and tables agree again');
    areEqual = apart.length === 0;
    const byQuantity = Object.fromEntries(differences.map(({ quantity, difference }) => [quantity, Number(difference)]));
    deps.onCompared(byQuantity as Record<ParityQuantity, number>);
  }

  return {
    latest: () => latest,
    async compare() {
      const differences = await readDifferences(deps, readTables);
      const compared = { comparedAt: clock.now().toISOString(), differences };
      latest = compared;
      tell(differences);
      return compared;
    },
  };
}

/** Of several readings the smallest difference of each quantity. */
async function readDifferences({ clock, readCounters, pauseMs = PAUSE_MS }: ParityDeps, readTables: TableReader): Promise<ParityDifference[]> {
  let best: ParityDifference[] | null = null;
  for (let reading = 1; ; reading += 1) {
    const tables = await readTables(clock.now());
    const counters = readCounters();
    const read = PARITY_QUANTITIES.map((quantity) => differenceOf(quantity, counters[quantity], tables[quantity]));
    best = best === null ? read : read.map((each, index) => smaller(each, best?.[index]));
    if (reading === READINGS_MAX || !best.some(isApart)) return best;
    await sleep(pauseMs);
  }
}

function differenceOf(quantity: ParityQuantity, counter: string, table: string): ParityDifference {
  const write = quantity === 'cost_dollars' ? toLedgerUsd : (amount: string) => amount;
  return { quantity, counter: write(counter), table: write(table), difference: write(subtractUsd(counter, table)) };
}

function isApart({ difference }: ParityDifference): boolean {
  return compareUsd(difference, 0) !== 0;
}

function smaller(a: ParityDifference, b: ParityDifference | undefined): ParityDifference {
  return b && compareUsd(sizeOf(b), sizeOf(a)) < 0 ? b : a;
}

function sizeOf({ difference }: ParityDifference): string {
  return difference.replace('-', '');
}
