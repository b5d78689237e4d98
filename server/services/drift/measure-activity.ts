import { and, gte, lt, sql } from 'drizzle-orm';
import { sumOwnCostsByDay } from '#db/queries/drift.ts';
import { driftActivity } from '#db/schema/index.ts';
import type { ActivityRow } from '#server/ai/types.ts';
import { addUsd, sumUsd } from '#server/lib/money.ts';
import { askProvider } from './ask-provider.ts';
import type { DriftDeps } from './deps.ts';
import { startOfPeriod } from './start-of-period.ts';

const DAY_MS = 86_400_000;
/** What OpenRouter tells of: the completed days only. */
const DAYS = 30;
const DATE_LENGTH = 10;

/** What both sides say of one model on one day. */
type Pair = Omit<typeof driftActivity.$inferInsert, 'checkedAt'>;

/**
 * Compares the account's activity with the ledger, per model and completed UTC day, and keeps the comparison. Does nothing
 * without a management key. Throws `AppError` `unavailable`, with nothing kept, when the account cannot be asked.
 */
export async function measureActivity({ db, clock, source: { llm } }: DriftDeps): Promise<void> {
  const { listActivity } = llm;
  if (!listActivity) return;
  const told = await askProvider(() => listActivity());
  const checkedAt = clock.now();
  const to = startOfPeriod(checkedAt, 'day');
  const from = new Date(to.getTime() - DAYS * DAY_MS);
  const [first, end] = [toDate(from), toDate(to)];
  const own = await sumOwnCostsByDay(db, { from, to });
  const pairs = pairUp(told.filter(({ date }) => date >= first && date < end), own);
  await db.transaction(async (tx) => {
    if (pairs.length > 0) {
      await tx
        .insert(driftActivity)
        .values(pairs.map((pair) => ({ ...pair, checkedAt })))
        .onConflictDoUpdate({
          target: [driftActivity.date, driftActivity.model],
          set: {
            ledgerUsd: sql`excluded.ledger_usd`,
            providerUsd: sql`excluded.provider_usd`,
            ledgerCount: sql`excluded.ledger_count`,
            providerCount: sql`excluded.provider_count`,
            checkedAt,
          },
        });
    }
    // What neither side tells of any more was named otherwise before.
    await tx.delete(driftActivity).where(and(gte(driftActivity.date, first), lt(driftActivity.date, end), lt(driftActivity.checkedAt, checkedAt)));
  });
}

type OwnDay = Awaited<ReturnType<typeof sumOwnCostsByDay>>[number];

/** Every model of every day that either side knows, once; what one side does not know it has nothing of. */
function pairUp(told: readonly ActivityRow[], own: readonly OwnDay[]): Pair[] {
  const nameOf = nameByListing(told);
  const keyOf = (date: string, model: string) => `${date} ${model}`;
  const toldByKey = Map.groupBy(told, ({ date, model }) => keyOf(date, model));
  const ownByKey = Map.groupBy(own, ({ date, model }) => keyOf(date, nameOf(model)));
  return [...new Set([...toldByKey.keys(), ...ownByKey.keys()])].map((key) => {
    const [theirs, ours] = [toldByKey.get(key) ?? [], ownByKey.get(key) ?? []];
    return {
      date: key.slice(0, DATE_LENGTH),
      model: key.slice(DATE_LENGTH + 1),
      ledgerUsd: sumUsd(ours.map(({ usd }) => usd)),
      providerUsd: sumUsd(theirs.map(({ usageUsd, byokUsd }) => addUsd(usageUsd, byokUsd))),
      ledgerCount: ours.reduce((sum, { count }) => sum + count, 0),
      providerCount: theirs.reduce((sum, { requestCount }) => sum + requestCount, 0),
    };
  });
}

/** Answers may name the version of a model; the activity lists it under the model, where that is one only. */
function nameByListing(told: readonly ActivityRow[]): (model: string) => string {
  const listed = new Set(told.map(({ model }) => model));
  const versions = Map.groupBy(told, ({ permanentModel }) => permanentModel);
  return (model) => {
    const names = new Set(listed.has(model) ? [model] : versions.get(model)?.map((row) => row.model));
    const [name] = names;
    return name !== undefined && names.size === 1 ? name : model;
  };
}

function toDate(at: Date): string {
  return at.toISOString().slice(0, DATE_LENGTH);
}
