import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#db/client.ts';
import { claimUpdates } from '#server/services/inbox/claim-updates.ts';
import { finishUpdates } from '#server/services/inbox/finish-updates.ts';
import { renewLeases, rescheduleUpdate } from '#server/services/inbox/leases.ts';
import { storeUpdates } from '#server/services/inbox/store-updates.ts';
import type { ClaimedUpdate } from '#server/services/inbox/types.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seedUser } from '#tests/support/seed.ts';

const LEASE_MS = 1_000;
/** What a renewal adds; longer, so that one that should not have been shows. */
const RENEWAL_MS = 4_000;
const CHATS = 3;
const TIME_LIMIT_MS = 120_000;

let database: TestDatabase;
let db: Database;
let userId: number;
/** Runs follow one another in one inbox; each ends with it worked off. */
let nextUpdateId = 1;
let nowMs = Date.now();
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.handle.db;
  userId = await seedUser(db);
});
afterAll(() => database.drop());

const stepArbitrary = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('store' as const), chats: fc.array(fc.nat({ max: CHATS - 1 }), { minLength: 1, maxLength: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const), workers: fc.integer({ min: 1, max: 3 }), limit: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('finish' as const, 'renew' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reschedule' as const), pick: fc.nat(), delayMs: fc.nat({ max: 2_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.constant(LEASE_MS), fc.integer({ min: 1, max: 1_500 })) }) },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** What the inbox promises, kept beside it in plain maps: order within a chat, one holder at a time, one end for each update. */
class Model {
  readonly #pending = new Map<number, { readonly chatId: number; attempts: number; leaseUntilMs: number; availableAtMs: number }>();
  /** Every claim ever handed out, those that were lost included. */
  readonly claims: ClaimedUpdate[] = [];
  endedCount = 0;

  store(updateId: number, chatId: number): void {
    this.#pending.set(updateId, { chatId, attempts: 0, leaseUntilMs: 0, availableAtMs: nowMs });
  }

  /** Whether an update may be handed out now: nothing older waits in its chat, nobody holds it, and its time has come. */
  #isFree(updateId: number): boolean {
    const update = this.#pending.get(updateId);
    const isHead = ![...this.#pending].some(([id, other]) => id < updateId && other.chatId === update?.chatId);
    return update !== undefined && isHead && update.leaseUntilMs < nowMs && update.availableAtMs <= nowMs;
  }

  freeIds(): number[] {
    return [...this.#pending.keys()].filter((id) => this.#isFree(id)).sort((a, b) => a - b);
  }

  claim(claimed: ClaimedUpdate): void {
    expect(this.#isFree(claimed.updateId), `update ${claimed.updateId} was free`).toBe(true);
    const update = this.#pending.get(claimed.updateId);
    if (!update) throw new Error('a free update is pending');
    update.attempts += 1;
    update.leaseUntilMs = nowMs + LEASE_MS;
    expect(claimed).toMatchObject({ attempts: update.attempts, chatId: update.chatId });
    this.claims.push(claimed);
  }

  /** The update of a claim, unless the claim was lost or the update has ended. */
  held({ updateId, attempts }: ClaimedUpdate) {
    const update = this.#pending.get(updateId);
    return update?.attempts === attempts ? update : undefined;
  }

  end({ updateId }: ClaimedUpdate): void {
    this.#pending.delete(updateId);
    this.endedCount += 1;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }
}

async function store(model: Model, chats: readonly number[]): Promise<void> {
  const updates = chats.map((chat) => ({ update_id: nextUpdateId++, message: { chat: { id: 100 + chat } } }));
  for (const { update_id: updateId, message } of updates) model.store(updateId, message.chat.id);
  // Telegram sends again what it is not sure about, also while others store it.
  const counts = await Promise.all([storeUpdates(db, updates, new Date(nowMs)), storeUpdates(db, [...updates].reverse(), new Date(nowMs))]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(updates.length);
}

async function claim(model: Model, workers: number, limit: number): Promise<void> {
  const free = model.freeIds();
  const options = { limit, leaseMs: LEASE_MS, now: new Date(nowMs) };
  const batches = await Promise.all(Array.from({ length: workers }, () => claimUpdates(db, options)));
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(limit);
    expect(batch.map(({ updateId }) => updateId)).toEqual(batch.map(({ updateId }) => updateId).sort((a, b) => a - b));
    batch.forEach((claimed) => model.claim(claimed));
  }
  if (workers === 1) expect(batches.flat().map(({ updateId }) => updateId)).toEqual(free.slice(0, limit));
}

async function finish(model: Model, claimed: ClaimedUpdate): Promise<void> {
  const rest = { userId, handler: 'tarot', operation: null, outcome: 'ok', errorType: null, durationMs: 1, updateAgeMs: 1 } as const;
  const held = model.held(claimed);
  expect(await finishUpdates(db, [{ ...rest, updateId: claimed.updateId, attempts: claimed.attempts, at: new Date(nowMs) }])).toEqual([held !== undefined]);
  if (held) model.end(claimed);
}

async function take(model: Model, step: Step): Promise<void> {
  if (step.kind === 'wait') nowMs += step.ms;
  else if (step.kind === 'store') await store(model, step.chats);
  else if (step.kind === 'claim') await claim(model, step.workers, step.limit);
  else {
    const claimed = model.claims[step.pick % model.claims.length];
    if (!claimed) return;
    const held = model.held(claimed);
    if (step.kind === 'finish') return finish(model, claimed);
    const until = nowMs + (step.kind === 'reschedule' ? step.delayMs : RENEWAL_MS);
    if (step.kind === 'renew') await renewLeases(db, [claimed], new Date(until));
    else await rescheduleUpdate(db, claimed, new Date(until));
    if (!held) return;
    held.leaseUntilMs = step.kind === 'renew' ? until : 0;
    if (step.kind === 'reschedule') held.availableAtMs = until;
  }
}

/** Works off what is left, whoever held it. */
async function drain(model: Model): Promise<void> {
  while (!model.isEmpty) {
    nowMs += 2 * RENEWAL_MS;
    const before = model.claims.length;
    await claim(model, 1, CHATS);
    const fresh = model.claims.slice(before);
    expect(fresh.length).toBeGreaterThan(0);
    for (const claimed of fresh) await finish(model, claimed);
  }
}

test('whatever workers do and lose, a chat is worked on in order by one at a time, and every update ends once with one interaction', async () => {
  const property = fc.asyncProperty(fc.array(stepArbitrary, { minLength: 20, maxLength: 60 }), async (steps) => {
    const model = new Model();
    const [before] = await database.handle.sql`select count(*)::int as count from interactions`;
    try {
      for (const step of steps) await take(model, step);
    } finally {
      await drain(model);
    }
    const [after] = await database.handle.sql`select count(*)::int as count from interactions`;
    expect(after?.['count'] - before?.['count']).toBe(model.endedCount);
    expect(await database.handle.sql`select 1 from inbox where status = 'pending'`).toHaveLength(0);
  });
  await fc.assert(property, { numRuns: 40 });
}, TIME_LIMIT_MS);

test('an interaction stands in the past with its update, in whatever month it ended', async () => {
  const updateId = nextUpdateId++;
  await storeUpdates(db, [{ update_id: updateId }], new Date(nowMs));
  const [claimed] = await claimUpdates(db, { limit: 1, leaseMs: LEASE_MS, now: new Date(nowMs) });
  if (!claimed) throw new Error('nothing claimed');
  const nextMonth = new Date(Date.now() + 31 * 86_400_000);
  const rest = { userId, handler: 'other', operation: null, outcome: 'failed', errorType: 'internal', durationMs: 0, updateAgeMs: 0 } as const;
  expect(await finishUpdates(db, [{ ...rest, updateId, attempts: 1, at: nextMonth }])).toEqual([true]);
  const rows = await database.handle.sql`select at, update_id::int as id, tableoid::regclass::text as partition from interactions where update_id = ${updateId}`;
  const month = nextMonth.toISOString().slice(0, 7).replace('-', '_');
  expect(rows.map((row) => ({ ...row }))).toEqual([{ at: nextMonth, id: updateId, partition: `interactions_${month}` }]);
});

test('any text that a client can send is stored as it is, but for what Postgres refuses', async () => {
  const property = fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 20 }), async (texts) => {
    const hostile = [...texts, 'half \ud83d of a pair', 'NUL \u0000', 'written out: \\u0000 \\ud83d', '🔮'];
    const updates = hostile.map((text) => ({ update_id: nextUpdateId++, message: { chat: { id: 1 }, text, nested: [{ text }] } }));
    expect(await storeUpdates(db, updates, new Date(nowMs))).toBe(updates.length);
    const ids = updates.map(({ update_id: id }) => id);
    const rows = await database.handle.sql`
      select payload->'message'->>'text' as text, payload->'message'->'nested'->0->>'text' as nested from inbox where update_id = any(${ids}) order by update_id`;
    const kept = hostile.map((text) => text.replaceAll('\u0000', '').toWellFormed());
    expect(rows.map((row) => row['text'])).toEqual(kept);
    expect(rows.map((row) => row['nested'])).toEqual(kept);
  });
  await fc.assert(property, { numRuns: 20 });
});
