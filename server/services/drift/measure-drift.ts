import { sumOwnCosts } from '#db/queries/drift.ts';
import { driftChecks } from '#db/schema/index.ts';
import type { KeyInfo, KeySpend } from '#server/ai/types.ts';
import { DRIFT_PERIODS, type DriftPeriod } from '#server/contracts/drift.ts';
import { AppError } from '#server/errors.ts';
import { addUsd, subtractUsd } from '#server/lib/money.ts';
import { askProvider } from './ask-provider.ts';
import type { DriftDeps } from './deps.ts';
import { startOfPeriod } from './start-of-period.ts';

/** How often the ledger is read until nothing was booked while the key was asked; under load the last reading counts. */
const READINGS_MAX = 3;

const SPEND_OF_PERIOD = { day: 'dailyUsd', week: 'weeklyUsd', month: 'monthlyUsd' } as const satisfies Record<DriftPeriod, keyof KeySpend>;

/**
 * Compares what the key in use has spent in the running UTC day, week and month with the ledger's own attempts, and keeps
 * the comparison. Throws `AppError` `unavailable`, with nothing kept, when the key cannot be asked or does not tell.
 */
export async function measureDrift(deps: DriftDeps): Promise<void> {
  const { key, ledger } = await readBothSides(deps);
  const checks = ledger.periods.map((own) => ({ ...own, checkedAt: ledger.readAt, providerUsd: spentBy(key, own.period) }));
  await deps.db.insert(driftChecks).values(checks).onConflictDoNothing();
  for (const { period, providerUsd, ledgerUsd } of checks) if (period === 'day') deps.source.onMeasured(subtractUsd(providerUsd, ledgerUsd));
}

/** A call that is booked between two looks would be a difference that is none. */
async function readBothSides(deps: DriftDeps) {
  let before = await readLedger(deps);
  for (let reading = 1; ; reading += 1) {
    const key = await askProvider(() => deps.source.llm.getKey());
    const ledger = await readLedger(deps);
    if (JSON.stringify(ledger.periods) === JSON.stringify(before.periods) || reading === READINGS_MAX) return { key, ledger };
    before = ledger;
  }
}

function readLedger({ db, clock }: DriftDeps) {
  const readAt = clock.now();
  return db.transaction(
    async (tx) => {
      const periods = [];
      for (const period of DRIFT_PERIODS) {
        const startsAt = startOfPeriod(readAt, period);
        periods.push({ period, startsAt, ...(await sumOwnCosts(tx, startsAt)) });
      }
      return { readAt, periods };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** Charged to the account and by providers themselves: the ledger's cost holds both. */
function spentBy({ charged, byok }: KeyInfo, period: DriftPeriod): string {
  const [chargedUsd, byokUsd] = [charged[SPEND_OF_PERIOD[period]], byok[SPEND_OF_PERIOD[period]]];
  if (chargedUsd === null || byokUsd === null) throw new AppError('unavailable', 'OpenRouter does not tell what the key has spent.');
  return addUsd(chargedUsd, byokUsd);
}
