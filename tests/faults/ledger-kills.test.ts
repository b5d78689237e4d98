import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Big from 'big.js';
import { isNotNull } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aiUsage } from '#db/schema/index.ts';
import { createRandom } from '#server/sandbox/random.ts';
import { reconcileGenerations, releaseReservations } from '#server/services/generations/reconcile-generations.ts';
import { type Checkpoint, CHECKPOINTS } from '#server/services/generations/types.ts';
import { startLedgerRig, type LedgerRig } from '#tests/support/ledger.ts';

/*
 * Real processes that are killed in the middle of readings: afterwards the ledger and the provider's journal agree.
 * LEDGER_KILLS sets how many die at random points; every named point is always among them.
 */
const KILL_COUNT = Number(process.env['LEDGER_KILLS'] ?? 16);
const SEED = Number(process.env['LEDGER_SEED'] ?? 1);
const PARALLEL = 4;
const DEATHS_PER_POINT = Number(process.env['LEDGER_DEATHS_PER_POINT'] ?? 1);
/** At once, in a process that dies at a random moment. */
const READINGS = 3;
/** Long enough that a process may die anywhere in a reading. */
const LIFE_MS_MAX = 1_200;
/** Real time: the first word comes some hundred milliseconds after the headers, as it does in earnest. */
const LATENCY_SCALE = 1;
/** The provider notices that its client is gone at its first word at the latest. */
const NOTICE_MS = 2_000;

let rig: LedgerRig;
beforeEach(async () => {
  rig = await startLedgerRig({ latencyScale: LATENCY_SCALE });
});
afterEach(() => rig.close());

/** Starts a process that reads, and waits until it is dead: by its own hand at a named point, or by ours after some time. */
async function readAndDie(death: ({ readonly at: string } | { readonly afterMs: number }) & { readonly userId?: number }): Promise<void> {
  const readings = 'at' in death ? 1 : READINGS;
  const flags = ['--database-url', rig.database.url, '--openrouter-url', rig.openRouter.url, '--readings', String(readings), '--user-id', String(death.userId ?? 7)];
  const killFlags = 'at' in death ? ['--kill-at', death.at] : [];
  const child = spawn(process.execPath, [join('tests', 'support', 'ledger-process.ts'), ...flags, ...killFlags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  if ('afterMs' in death) {
    await sleep(death.afterMs);
    child.kill('SIGKILL');
  }
  await exited;
  if ('at' in death) expect(child.signalCode).toBe('SIGKILL');
}

/** What a start after the deaths does, until nothing is due any more. */
async function recover(): Promise<void> {
  await sleep(NOTICE_MS);
  await releaseReservations(rig.deps.db);
  await reconcileGenerations(rig.deps.db, new Date());
  for (let round = 0; round < 500; round += 1) {
    await rig.deps.db.update(aiUsage).set({ nextLookupAt: new Date(0) }).where(openLookups());
    if ((await rig.lookUp()) === 0) return;
  }
  throw new Error('look-ups never come to an end');
}

async function compareBooks() {
  const rows = await rig.deps.db.select().from(aiUsage);
  const { entries, totalUsd } = await rig.openRouter.journal();
  const rowsById = Map.groupBy(rows.filter(({ generationId }) => generationId !== null), ({ generationId }) => generationId);
  const billed = entries.filter(({ outcome }) => outcome === 'billed');
  const orphans = billed.filter(({ generationId }) => !rowsById.has(generationId));
  const mismatched = billed.filter(({ generationId, costUsd }) => {
    const own = rowsById.get(generationId) ?? [];
    return own.length > 1 || (own[0] !== undefined && !new Big(own[0].costUsd ?? '-1').eq(costUsd));
  });
  const ledger = rows.reduce((sum, { costUsd }) => sum.plus(costUsd ?? 0), new Big(0));
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  return { orphans, mismatched, ledgerUsd: ledger.toFixed(12), journalUsd: new Big(totalUsd).toFixed(12), reservedCount: count('reserved'), unknownCount: count('unknown'), rows };
}

/**
 * Every billed generation is one row of the same cost. The only exception is a generation whose id died with its process:
 * then a row is unknown, with its age, for the provider can be asked by id only, and nothing is settled by a guess.
 */
function expectAgreement(books: Awaited<ReturnType<typeof compareBooks>>): void {
  expect(books.reservedCount).toBe(0);
  expect(books.mismatched).toEqual([]);
  expect(books.orphans.length).toBeLessThanOrEqual(books.unknownCount);
  const orphansUsd = books.orphans.reduce((sum, { costUsd }) => sum.plus(costUsd), new Big(0));
  expect(new Big(books.ledgerUsd).plus(orphansUsd).toFixed(12)).toBe(books.journalUsd);
}

function openLookups() {
  return isNotNull(aiUsage.nextLookupAt);
}

describe('a process that dies', () => {
  test(`at each of the points ${CHECKPOINTS.join(', ')}, leaves books that agree with the bill after the next start`, async () => {
    const deaths = CHECKPOINTS.flatMap((at, index) => Array.from({ length: DEATHS_PER_POINT }, () => ({ at, userId: index + 1 })));
    for (let done = 0; done < deaths.length; done += PARALLEL) await Promise.all(deaths.slice(done, done + PARALLEL).map(readAndDie));
    await recover();
    const books = await compareBooks();
    expectAgreement(books);
    // Only who dies before the headers came can lose the id of a generation; everywhere else its cost is found.
    const unknownAt = (point: Checkpoint) => books.rows.filter(({ userId, status }) => userId === CHECKPOINTS.indexOf(point) + 1 && status === 'unknown').length;
    const expected = (point: Checkpoint) => (point === 'after_reserve' || point === 'after_send' ? DEATHS_PER_POINT : 0);
    expect(CHECKPOINTS.filter((point) => unknownAt(point) > expected(point))).toEqual([]);
    expect(books.rows).toHaveLength(deaths.length);
  }, DEATHS_PER_POINT * CHECKPOINTS.length * 2_000 + 60_000);

  test(`at any moment, ${KILL_COUNT} times, leaves books that agree with the bill, and nothing reserved`, async () => {
    const random = createRandom(`ledger-kills/${SEED}`);
    for (let done = 0; done < KILL_COUNT; done += PARALLEL) {
      await Promise.all(Array.from({ length: PARALLEL }, () => readAndDie({ afterMs: Math.floor(random() * LIFE_MS_MAX) })));
    }
    await recover();
    const books = await compareBooks();
    expectAgreement(books);
  }, KILL_COUNT * 2_000 + 60_000);
});
