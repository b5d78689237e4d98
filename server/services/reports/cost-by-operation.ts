import type { LedgerSums } from '#db/queries/rollups/sums.ts';
import type { Overview } from '#server/contracts/overview.ts';
import { OPERATIONS, Operation } from '#server/contracts/vocabulary.ts';
import { invariant } from '#server/errors.ts';
import { averageUsd, sumUsd, toLedgerUsd } from '#server/lib/money.ts';

type Entry = Overview['costByOperation'][number];

/** The row over all operations; Postgres gives it even for an empty range. */
export function totalOf(rows: readonly LedgerSums[]): LedgerSums {
  const total = rows.find((row) => row.operation === null && row.bucket === null);
  invariant(total, 'grouping sets with () always give a total');
  return total;
}

/** One entry per known operation, those without use included, then `other` if there is any: the parts are the total. */
export function costByOperation(rows: readonly LedgerSums[]): readonly Entry[] {
  const parts = rows.filter((row) => row.operation !== null);
  const known = OPERATIONS.map((operation) => toEntry(operation, parts.filter((row) => row.operation === operation)));
  const others = parts.filter((row) => !Operation.safeParse(row.operation).success);
  return others.length === 0 ? known : [...known, toEntry('other', others)];
}

function toEntry(operation: Entry['operation'], rows: readonly LedgerSums[]): Entry {
  const total = (pick: (row: LedgerSums) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const costUsd = toLedgerUsd(sumUsd(rows.map((row) => row.totalUsd)));
  return {
    operation,
    costUsd,
    generationCount: total((row) => row.totalCount),
    failedCount: total((row) => row.failedCount),
    tokenCount: total((row) => row.promptTokens + row.completionTokens),
    averageUsd: averageUsd(costUsd, total((row) => row.settledCount)),
  };
}
