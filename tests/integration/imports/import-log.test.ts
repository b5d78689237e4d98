import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { modelPrices } from '#db/schema/index.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { importText, logOf, readLedger, type TextImport } from '#tests/support/imports.ts';
import { seedGeneration, seedUser } from '#tests/support/seed.ts';

const HEADER = 'timestamp,prompt_tokens,completion_tokens';
const FULL_HEADER = `${HEADER},model,operation,user,cost`;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const load = (text: string, input: TextImport = {}) => importText(database.handle, text, input);
const ledger = () => readLedger(database.handle);
const log = (...lines: string[]) => `${HEADER}\n${lines.join('\n')}\n`;
const fullLog = (...lines: string[]) => `${FULL_HEADER}\n${lines.join('\n')}\n`;

async function recordPrice(model: string, validFrom: string, promptUsd: string): Promise<void> {
  await database.handle.db.insert(modelPrices).values({ model, validFrom: new Date(validFrom), promptUsd, completionUsd: '0.000002' });
}

test('a line of the Azure trace becomes a row that says what is known and leaves open what is not', async () => {
  expect(await load('TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44')).toMatchObject({ newCount: 1, knownCount: 0, refusedCount: 0 });
  const [row] = await ledger();
  expect(row).toMatchObject({
    startedAt: new Date('2023-11-16T18:15:46.680Z'), promptTokens: 374, completionTokens: 44, model: 'unknown', operation: 'imported', plan: 'free',
    status: 'unknown', costUsd: null, costSource: 'none', disposition: null, importedFrom: 'usage.csv', attempt: 1, askId: row?.requestId,
    cachedPromptTokens: null, reasoningTokens: null, durationMs: null, finishedAt: null, userId: null, errorType: null, nextLookupAt: null, reservedUsd: null,
  });
  const [instant] = await database.handle.sql`select started_at::text as text from ai_usage`;
  expect(instant?.['text']).toBe('2023-11-16 18:15:46.68059+00');
});

test('microseconds are cut off, so that a call stays in its day', async () => {
  await load(log('2023-11-16 23:59:59.9999999,1,1'));
  const [instant] = await database.handle.sql`select started_at::text as text from ai_usage`;
  expect(instant?.['text']).toBe('2023-11-16 23:59:59.999999+00');
});

test('a cost that the log gives was billed, in every way that programs write it', async () => {
  await load(fullLog('2024-01-01 00:00:00,1,1,a/b,tarot_card,,9.6e-06', '2024-01-01 00:00:01,1,1,a/b,tarot_card,,0', '2024-01-01 00:00:02,1,1,a/b,tarot_card,,"0.25"'));
  const rows = await ledger();
  expect(rows.map(({ costUsd }) => costUsd)).toEqual(['0.000009600000', '0.000000000000', '0.250000000000']);
  for (const row of rows) expect(row).toMatchObject({ status: 'settled', costSource: 'billed', disposition: 'delivered', model: 'a/b', operation: 'tarot_card' });
});

test('the model and the operation of a line come before those of the options', async () => {
  await load(fullLog('2024-01-01 00:00:00,1,1,a/b,natal_chart,,', '2024-01-01 00:00:01,1,1,,,,'), { options: { model: 'c/d', operation: 'horoscope' } });
  expect((await ledger()).map(({ model, operation }) => [model, operation])).toEqual([['a/b', 'natal_chart'], ['c/d', 'horoscope']]);
});

test('tokens are priced by what was valid at the time of the call, to the instant', async () => {
  await recordPrice('a/b', '2024-01-10T00:00:00Z', '0.000001');
  await recordPrice('a/b', '2024-02-01T00:00:00Z', '0.000003');
  const lines = log('2024-01-09 23:59:59.999,1000,100', '2024-01-10 00:00:00,1000,100', '2024-01-31 23:59:59.999999,1000,100', '2024-02-01 00:00:00,1000,100');
  await load(lines, { options: { model: 'a/b' } });
  expect((await ledger()).map(({ status, costSource, costUsd }) => [status, costSource, costUsd])).toEqual([
    ['unknown', 'none', null],
    ['settled', 'estimated', '0.001200000000'],
    ['settled', 'estimated', '0.001200000000'],
    ['settled', 'estimated', '0.003200000000'],
  ]);
});

test('asked to, the earliest price stands for the time before it, and for no other', async () => {
  await recordPrice('a/b', '2024-01-10T00:00:00Z', '0.000001');
  await recordPrice('a/b', '2024-02-01T00:00:00Z', '0.000003');
  const lines = fullLog('2023-01-01 00:00:00,1000,100,a/b,,,', '2024-03-01 00:00:00,1000,100,a/b,,,', '2024-03-02 00:00:00,1000,100,no/price,,,');
  await load(lines, { options: { usesEarliestPrice: true } });
  expect((await ledger()).map(({ costUsd }) => costUsd)).toEqual(['0.001200000000', '0.003200000000', null]);
});

test('a call is attributed to the user whom its Telegram id names, where we know them', async () => {
  const userId = await seedUser(database.handle.db);
  const [user] = await database.handle.sql`select telegram_user_id::text as id from users`;
  const users = [String(user?.['id']), '999', 'somebody@example.org', '-5', '9'.repeat(40), ''];
  await load(fullLog(...users.map((id, index) => `2024-01-01 00:00:0${index},1,1,,,${id},`)));
  expect((await ledger()).map((row) => row.userId)).toEqual([userId, null, null, null, null, null]);
});

test('a second import of the same log adds nothing, whatever its name, its options and the lines between', async () => {
  const lines = log('2024-01-01 00:00:00,1,1', '2024-01-01 00:00:00,1,1', '2024-01-01 00:00:01,2,2');
  expect(await load(lines)).toMatchObject({ newCount: 3, knownCount: 0 });
  const before = await ledger();
  const again = `TIMESTAMP,output_tokens,ContextTokens\n\n2024-01-01T03:00:01.000+03:00,2.0,2\n"2024-01-01 00:00","1","1"\n2024-01-01 00:00:00Z,1,1\n`;
  expect(await load(again, { source: logOf(again, 10, 'renamed.csv'), options: { model: 'a/b' } })).toMatchObject({ newCount: 0, knownCount: 3 });
  expect(await ledger()).toEqual(before);
});

test('of a log that grew only what is new is added, identical lines included', async () => {
  const lines = ['2024-01-01 00:00:00,1,1', '2024-01-01 00:00:00,1,1'];
  await load(log(...lines));
  expect(await load(log('2023-12-31 00:00:00,5,5', ...lines, '2024-01-01 00:00:00,1,1', '2024-01-02 00:00:00,1,1'))).toMatchObject({ newCount: 3, knownCount: 2 });
  expect(await ledger()).toHaveLength(5);
});

test('identical lines are all counted, however far apart and in whatever order they stand', async () => {
  const others = Array.from({ length: 500 }, (_, index) => `2024-02-01 00:00:00,${index},1`);
  const same = '2024-01-01 00:00:00,1,1';
  expect(await load(log(same, ...others, same, ...others.toReversed(), same))).toMatchObject({ newCount: 1_003 });
});

test('our own rows are neither touched nor taken for imported ones', async () => {
  const requestId = await seedGeneration(database.handle.db, { startedAt: new Date('2024-01-01T00:00:00Z'), promptTokens: 1, completionTokens: 1 });
  expect(await load(log('2024-01-01 00:00:00,1,1'))).toMatchObject({ newCount: 1 });
  expect((await ledger()).find((row) => row.requestId === requestId)).toMatchObject({ importedFrom: null, costUsd: '0.001000000000' });
});

test('a dry run says what would be new and writes nothing', async () => {
  await load(log('2024-01-01 00:00:00,1,1'));
  const grown = log('2024-01-01 00:00:00,1,1', '2024-01-01 00:00:01,1,1', 'nonsense,1,1');
  expect(await load(grown, { options: { isDryRun: true } })).toMatchObject({ newCount: 1, knownCount: 1, refusedCount: 1 });
  expect(await ledger()).toHaveLength(1);
});

test('two imports of one log at the same time add each line once', async () => {
  const lines = log(...Array.from({ length: 300 }, (_, index) => `2024-01-01 00:00:00.${String(index).padStart(3, '0')},1,1`));
  const other = openDatabase({ url: database.url });
  const [one, two] = await Promise.all([load(lines, { batchSize: 20 }), importText(other, lines, { batchSize: 30 })]);
  await other.close();
  expect(one.newCount + two.newCount).toBe(300);
  expect(one.knownCount + two.knownCount).toBe(300);
});

test('the rows do not depend on batches, pieces and passes, and a second run adds nothing', async () => {
  const line = fc.record({ second: fc.integer({ min: 10, max: 12 }), tokens: fc.integer({ min: 0, max: 2 }), cost: fc.constantFrom('', '0.5', '5e-1', 'x') });
  const shape = fc.record({ batchSize: fc.integer({ min: 1, max: 40 }), pieceBytes: fc.integer({ min: 1, max: 200 }), passCount: fc.integer({ min: 1, max: 3 }) });
  const property = fc.asyncProperty(fc.array(line, { maxLength: 30 }), shape, async (lines, { batchSize, pieceBytes, passCount }) => {
    const text = fullLog(...lines.map(({ second, tokens, cost }) => `2024-01-01 00:00:${second},${tokens},1,,,,${cost}`));
    await database.handle.sql`truncate ai_usage cascade`;
    const plain = await load(text);
    const rows = await ledger();
    await database.handle.sql`truncate ai_usage cascade`;
    const input = { source: logOf(text, pieceBytes), batchSize, passCount };
    expect(await load(text, input)).toEqual(plain);
    expect(await ledger()).toEqual(rows);
    expect(await load(text, input)).toMatchObject({ newCount: 0, knownCount: rows.length, refusedCount: plain.refusedCount });
  });
  await fc.assert(property, { numRuns: 25 });
});
