import { z } from 'zod';

const LEDGER_ROWS_DEFAULT = 10_000_000;
const INTERACTIONS_PER_LEDGER_ROW = 2;
const LEDGER_ROWS_PER_USER = 50;

const Environment = z.object({
  BENCH_LEDGER_ROWS: z.coerce.number().int().min(10_000).max(20_000_000).default(LEDGER_ROWS_DEFAULT),
  BENCH_DATA_DIR: z.string().min(1).optional(),
  BENCH_SEED: z.coerce.number().int().min(0).max(1_000_000).default(1),
});

/** How much is laid down, and what it depends on. */
export interface LoadSize {
  readonly ledgerCount: number;
  readonly interactionCount: number;
  readonly userCount: number;
  readonly seed: number;
}

export interface BenchSettings {
  /** A tenth of everything, a tenth of the rows by all the users, and all: what grows with users and what with rows is seen in the differences. */
  readonly sizes: readonly LoadSize[];
  /** Kept, and used again by the next run; null: a folder that goes at the end. */
  readonly dataDir: string | null;
}

/** `BENCH_LEDGER_ROWS`, `BENCH_DATA_DIR` and `BENCH_SEED`; throws where one of them makes no sense. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): BenchSettings {
  const { BENCH_LEDGER_ROWS, BENCH_DATA_DIR, BENCH_SEED } = Environment.parse(environment);
  const [tenth, whole] = [Math.round(BENCH_LEDGER_ROWS / 10), BENCH_LEDGER_ROWS];
  const size = (ledgerCount: number, rowsForUsers: number): LoadSize => ({
    ledgerCount,
    interactionCount: ledgerCount * INTERACTIONS_PER_LEDGER_ROW,
    userCount: Math.round(rowsForUsers / LEDGER_ROWS_PER_USER),
    seed: BENCH_SEED,
  });
  return { sizes: [size(tenth, tenth), size(tenth, whole), size(whole, whole)], dataDir: BENCH_DATA_DIR ?? null };
}
