import type postgres from 'postgres';
import { z } from 'zod';
import type { Economics, EconomicsFigures } from '#server/contracts/economics.ts';

const PICO_PLACES = 12;
const OPERATIONS = ['horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart'] as const;

const Id = z.coerce.number();
const UsageRow = z.object({
  user_id: Id.nullable(), operation: z.string(), plan: z.string(), status: z.string(), cost_usd: z.string().nullable(), cost_source: z.string(), disposition: z.string().nullable(),
  started_at: z.date(),
});
const InteractionRow = z.object({ user_id: Id, at: z.date(), handler: z.string() });
const PaymentRow = z.object({
  user_id: Id, plan: z.string(), stars: z.number(), value_usd: z.string(), paid_at: z.date(), period_ends_at: z.date(), refunded_at: z.date().nullable(),
});
const UserRow = z.object({ id: Id, source: z.string(), created_at: z.date(), premium_until: z.date().nullable(), deleted_at: z.date().nullable() });
type UsageRow = z.infer<typeof UsageRow>;
type PaymentRow = z.infer<typeof PaymentRow>;
type UserRow = z.infer<typeof UserRow>;

/** All rows of the tables, as they are. */
export async function readRawEconomics(sql: postgres.Sql) {
  return {
    usage: UsageRow.array().parse([...(await sql`select * from ai_usage`)]),
    interactions: InteractionRow.array().parse([...(await sql`select * from interactions`)]),
    payments: PaymentRow.array().parse([...(await sql`select * from payments`)]),
    users: UserRow.array().parse([...(await sql`select * from users`)]),
  };
}
export type RawEconomics = Awaited<ReturnType<typeof readRawEconomics>>;

/** Dollars in whole millionths of a millionth, and back; with a sign. */
export const picoOf = (usd: string): bigint => BigInt(usd.replace('.', ''));
export function usdOf(pico: bigint): string {
  const digits = (pico < 0n ? -pico : pico).toString().padStart(PICO_PLACES + 1, '0');
  return `${pico < 0n ? '-' : ''}${digits.slice(0, -PICO_PLACES)}.${digits.slice(-PICO_PLACES)}`;
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const costOf = (rows: readonly UsageRow[]) => sum(rows.map((row) => picoOf(row.cost_usd ?? '0.000000000000')));
const different = (ids: readonly number[]) => new Set(ids).size;

/** Rounded half away from zero. */
function average(pico: bigint, count: number): string | null {
  if (count === 0) return null;
  const size = ((pico < 0n ? -pico : pico) * 2n + BigInt(count)) / (2n * BigInt(count));
  return usdOf(pico < 0n ? -size : size);
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

const isIn = ({ from, to }: Span) => (at: Date | null) => at !== null && at >= from && at < to;

function accountOf(usage: readonly UsageRow[], payments: readonly PaymentRow[], span: Span): EconomicsFigures['byPlan'][number] extends infer T ? Omit<T, 'plan' | 'attemptCount' | 'openCount'> : never {
  const within = isIn(span);
  const [paid, refunded] = [payments.filter((row) => within(row.paid_at)), payments.filter((row) => within(row.refunded_at))];
  const cost = costOf(usage.filter((row) => within(row.started_at)));
  const usd = (rows: readonly PaymentRow[]) => sum(rows.map((row) => picoOf(row.value_usd)));
  const stars = (rows: readonly PaymentRow[]) => rows.reduce((total, row) => total + row.stars, 0);
  return {
    revenueUsd: usdOf(usd(paid) - usd(refunded)), revenueStars: stars(paid) - stars(refunded),
    paymentUsd: usdOf(usd(paid)), paymentStars: stars(paid), paymentCount: paid.length,
    refundUsd: usdOf(usd(refunded)), refundStars: stars(refunded), refundCount: refunded.length,
    costUsd: usdOf(cost), marginUsd: usdOf(usd(paid) - usd(refunded) - cost),
  };
}

const isOpen = ({ status }: UsageRow) => status === 'reserved' || status === 'unknown';

function usersOf({ usage, interactions, payments, users }: RawEconomics, span: Span): Omit<EconomicsFigures['users'], 'conversionRatio'> {
  const within = isIn(span);
  const active = new Set(interactions.filter(({ at, handler }) => within(at) && handler !== 'chat_member').map((row) => row.user_id));
  const paying = new Set(payments.filter((row) => row.refunded_at === null && row.paid_at < span.to && row.period_ends_at > span.from).map((row) => row.user_id));
  const activePayingCount = [...paying].filter((id) => active.has(id)).length;
  const kept = payments.filter((row) => row.refunded_at === null);
  const paidIn = new Set(kept.filter((row) => within(row.paid_at)).map((row) => row.user_id));
  const fresh = users.filter((row) => within(row.created_at)).map(({ id }) => id);
  const revenue = picoOf(accountOf([], payments, span).revenueUsd);
  const inRange = usage.filter((row) => within(row.started_at));
  return {
    activeCount: active.size, payingCount: paying.size, activePayingCount,
    costPerActiveUsd: average(costOf(inRange.filter((row) => row.user_id !== null)), active.size),
    costPerPayingUsd: average(costOf(inRange.filter((row) => row.user_id !== null && paying.has(row.user_id))), activePayingCount),
    revenuePerActiveUsd: average(revenue, active.size), revenuePerPayingUsd: average(revenue, paying.size),
    newCount: fresh.length, convertedCount: fresh.filter((id) => paidIn.has(id)).length,
    newPayingCount: different(kept.filter((row) => within(row.paid_at)).map((row) => row.user_id).filter((id) => !kept.some((row) => row.user_id === id && row.paid_at < span.from))),
  };
}

/** Users by what they cost in a span, the dearest first, then by id; who cost nothing is left out. */
export function rankUsers(usage: readonly Pick<UsageRow, 'user_id' | 'cost_usd' | 'started_at'>[], span: Span) {
  const byUser = Map.groupBy(usage.filter((row) => row.user_id !== null && isIn(span)(row.started_at)), (row) => row.user_id ?? 0);
  return [...byUser]
    .map(([userId, rows]) => ({ userId, cost: sum(rows.map((row) => picoOf(row.cost_usd ?? '0.000000000000'))), attemptCount: rows.length }))
    .filter(({ cost }) => cost > 0n)
    .sort((a, b) => (a.cost === b.cost ? a.userId - b.userId : a.cost < b.cost ? 1 : -1));
}

function planNow(user: UserRow | undefined, now: Date) {
  if (!user || user.deleted_at !== null) return null;
  return user.premium_until !== null && user.premium_until > now ? 'premium' : 'free';
}

/** The figures of a range, counted row by row: as slow as it is simple. Sources come by name, in no order. */
export function recountEconomics(raw: RawEconomics, report: Pick<Economics, 'range' | 'overTime'>, now: Date, top: number) {
  const span = { from: new Date(report.range.from), to: new Date(report.range.to) };
  const usage = raw.usage.filter((row) => isIn(span)(row.started_at));
  const sourceOf = (id: number | null) => raw.users.find((user) => user.id === id)?.source ?? '';
  const sources = new Set([...usage.map((row) => sourceOf(row.user_id)), ...raw.users.map(({ source }) => source)]);
  const dearest = rankUsers(usage, span);
  const named = dearest.slice(0, top);
  const attempts = (rows: readonly UsageRow[]) => ({ costUsd: usdOf(costOf(rows)), attemptCount: rows.length });
  const isTop = (row: UsageRow) => named.some(({ userId }) => userId === row.user_id);
  const ofStatus = (status: string) => usage.filter((row) => row.status === status).length;
  const ofSource = (source: string) => usdOf(costOf(usage.filter((row) => row.cost_source === source)));
  const starts = report.overTime.map(({ startsAt }) => new Date(startsAt));
  return {
    total: {
      ...accountOf(usage, raw.payments, span), billedUsd: ofSource('billed'), lookupUsd: ofSource('lookup'), estimatedUsd: ofSource('estimated'),
      attemptCount: usage.length, reservedCount: ofStatus('reserved'), unknownCount: ofStatus('unknown'),
    },
    users: usersOf(raw, span),
    overTime: starts.map((from, index) => ({ startsAt: from.toISOString(), ...accountOf(raw.usage, raw.payments, { from, to: starts[index + 1] ?? span.to }) })),
    byPlan: (['free', 'premium'] as const).map((plan) => {
      const of = usage.filter((row) => row.plan === plan);
      return { plan, ...accountOf(of, raw.payments.filter((row) => row.plan === plan), span), attemptCount: of.length, openCount: of.filter(isOpen).length };
    }),
    byOperation: [...OPERATIONS, 'other' as const].flatMap((operation) => {
      const of = usage.filter((row) => (operation === 'other' ? !OPERATIONS.some((known) => known === row.operation) : row.operation === operation));
      const deliveredCount = of.filter((row) => row.status === 'settled' && row.disposition === 'delivered').length;
      const entry = { operation, ...attempts(of), openCount: of.filter(isOpen).length, deliveredCount, perDeliveredUsd: average(costOf(of), deliveredCount) };
      return operation === 'other' && of.length === 0 ? [] : [entry];
    }),
    bySource: [...sources].flatMap((source) => {
      const of = usage.filter((row) => sourceOf(row.user_id) === source);
      const account = accountOf(of, raw.payments.filter((row) => sourceOf(row.user_id) === source), span);
      const signupCount = raw.users.filter((user) => user.source === source && isIn(span)(user.created_at)).length;
      return signupCount + of.length + account.paymentCount + account.refundCount === 0 ? [] : [{ source, signupCount, attemptCount: of.length, ...account }];
    }),
    topUsers: named.map(({ userId, cost, attemptCount }) => ({ userId, costUsd: usdOf(cost), attemptCount, planNow: planNow(raw.users.find(({ id }) => id === userId), now) })),
    otherUsers: attempts(usage.filter((row) => row.user_id !== null && !isTop(row))),
    nobody: attempts(usage.filter((row) => row.user_id === null)),
  };
}
