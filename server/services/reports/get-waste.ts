import { z } from 'zod';
import { countReadings, sumSpend, type SpendRow } from '#db/queries/rollups/spend.ts';
import { DISPOSITIONS } from '#server/contracts/vocabulary.ts';
import type { Spend, Waste, WasteFigures, WasteInput } from '#server/contracts/waste.ts';
import { invariant } from '#server/errors.ts';
import { compareUsd, subtractUsd, sumUsd, toLedgerUsd, ZERO_USD } from '#server/lib/money.ts';
import { attemptsStart, readReport, type ReportDeps, type ReportScope } from './report-kit.ts';

const Disposition = z.enum(DISPOSITIONS).nullable();

/** Operations and models that are listed by name; an imported log may hold any number. */
export const PARTS_MAX = 50;

/** What was paid for texts that reached users and what in vain, by cause, operation and model; read from one snapshot. */
export function getWaste(deps: ReportDeps, input: WasteInput): Promise<Waste> {
  return readReport(deps, input, readWaste, attemptsStart);
}

async function readWaste({ executor, coverWhole }: ReportScope): Promise<WasteFigures> {
  const [spend, readings] = await Promise.all([sumSpend(executor, coverWhole('ledger')), countReadings(executor, coverWhole('interactions'))]);
  const ofKind = (kind: SpendRow['kind']) => spend.filter((row) => row.kind === kind).toSorted(byCost);
  const [total] = ofKind('total');
  invariant(total, 'grouping sets with () always give a total');
  return {
    total: toSpend([total]),
    byCause: ofKind('cause').map((row) => ({ ...toSpend([row]), disposition: Disposition.parse(row.disposition), errorType: row.errorType })),
    byOperation: foldTail(ofKind('operation')).map(({ head, rows }) => ({ ...toSpend(rows), operation: head?.operation ?? null })),
    byModel: foldTail(ofKind('model')).map(({ head, rows }) => ({ ...toSpend(rows), model: head?.model ?? null })),
    readings: { ...readings, storeUsd: ZERO_USD },
  };
}

/** The dearest first; among equals the one with more attempts, then by name, so that the order is stable. */
function byCost(a: SpendRow, b: SpendRow): number {
  const nameOf = (row: SpendRow) => [row.disposition, row.errorType, row.operation, row.model].join(' ');
  return compareUsd(b.costUsd, a.costUsd) || b.attemptCount - a.attemptCount || nameOf(a).localeCompare(nameOf(b), 'en');
}

interface Part {
  /** Null: all that are not listed by name. */
  readonly head: SpendRow | null;
  readonly rows: readonly SpendRow[];
}

function foldTail(rows: readonly SpendRow[]): readonly Part[] {
  const named = rows.slice(0, PARTS_MAX).map((row) => ({ head: row, rows: [row] }));
  const tail = rows.slice(PARTS_MAX);
  return tail.length === 0 ? named : [...named, { head: null, rows: tail }];
}

function toSpend(rows: readonly SpendRow[]): Spend {
  const sumOf = (pick: (row: SpendRow) => string) => toLedgerUsd(sumUsd(rows.map(pick)));
  const countOf = (pick: (row: SpendRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const [costUsd, deliveredUsd] = [sumOf((row) => row.costUsd), sumOf((row) => row.deliveredUsd)];
  return {
    costUsd,
    deliveredUsd,
    wastedUsd: toLedgerUsd(subtractUsd(costUsd, deliveredUsd)),
    attemptCount: countOf((row) => row.attemptCount),
    settledCount: countOf((row) => row.settledCount),
    deliveredCount: countOf((row) => row.deliveredCount),
    openCount: countOf((row) => row.openCount),
  };
}
