import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { importText, logOf, readLedger, type TextImport } from '#tests/support/imports.ts';
import { collectGarbage } from '#tests/support/heap.ts';

const HEADER = 'timestamp,prompt_tokens,completion_tokens';
const GOOD = '2024-01-01 00:00:00,1,1';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => database.handle.sql`truncate ai_usage cascade`);
afterAll(() => database.drop());

const load = (text: string, input: TextImport = {}) => importText(database.handle, text, input);

test('bad lines are told by number and reason, each once, and all others are in', async () => {
  const lines = [
    GOOD, '2024-01-01 00:00:00,-5,1', '2024-01-01 00:00:00,1.5,1', '2024-01-01 00:00:00,1,10000001', 'yesterday,1,1', '1999-01-01 00:00:00,1,1',
    '2024-01-01 00:00:00,1,1,1', '2024-01-01 00:00:00,1', '2024-01-01 00:00:00,1,"1', `2024-01-01 00:00:00,1,1\0`, GOOD,
  ];
  const { refused, ...summary } = await load(`${HEADER}\n${lines.join('\n')}\n`, { passCount: 2, batchSize: 1 });
  expect(refused).toEqual([
    '3: the prompt tokens are negative',
    '4: the prompt tokens are not a whole number',
    '5: the completion tokens are over 10,000,000',
    '6: the timestamp is not readable',
    '7: the year is outside 2000 to 2100',
    '8: has 4 fields where the header has 3',
    '9: has 2 fields where the header has 3',
    '10: is not CSV: a quote is out of place',
    '11: has a NUL byte',
  ]);
  expect(summary).toEqual({ newCount: 2, knownCount: 0, refusedCount: 9, isComplete: true });
});

test('a line of ten megabytes is refused in little memory, and the lines around it are in', async () => {
  const huge = Buffer.alloc(10_000_000, '1');
  const source = logOf(Buffer.concat([Buffer.from(`${HEADER}\n${GOOD}\n2024-01-01 00:00:00,`), huge, Buffer.from(`,1\n${GOOD}\n`)]), 65_536);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  let peak = 0;
  const result = await load('', { source, onProgress: () => (peak = Math.max(peak, process.memoryUsage().heapUsed - before)) });
  expect(result).toMatchObject({ newCount: 2, refused: ['3: is longer than 10,000 characters'] });
  expect(peak).toBeLessThan(60_000_000);
});

test('a log of nothing but bad lines leaves the ledger empty and says so', async () => {
  expect(await load(`${HEADER}\nx\ny\n`)).toMatchObject({ newCount: 0, knownCount: 0, refusedCount: 2 });
  expect(await readLedger(database.handle)).toEqual([]);
});

test('a log with a header alone is read and has nothing in it', async () => {
  expect(await load(`${HEADER}\n`)).toEqual({ newCount: 0, knownCount: 0, refusedCount: 0, isComplete: true, refused: [] });
});

test.each([
  ['', 'empty'],
  ['\n \r\n\n', 'empty'],
  [`${GOOD}\n${GOOD}\n`, 'unknown: "2024-01-01 00:00:00"'],
  [`${HEADER},surprise\n`, 'unknown: "surprise"'],
  ['timestamp;prompt_tokens;completion_tokens\n', 'Separated by commas'],
  ['"timestamp\n', 'not understood'],
  [Buffer.from(`${HEADER}\n`, 'utf16le').toString('latin1'), 'not understood'],
])('the log %j is refused before anything is written', async (text, reason) => {
  await expect(load(`${text}`)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining(reason) });
});

test('what looks like SQL or an array is a name and nothing else', async () => {
  const names = [`'; drop table ai_usage; --`, '{a,b}', 'a\\b', 'NULL', '""quoted""', '🔮 модель'];
  await load(`timestamp,input_tokens,output_tokens,model\n${names.map((name, index) => `2024-01-01 00:00:0${index},1,1,"${name}"`).join('\n')}`);
  expect((await readLedger(database.handle)).map(({ model }) => model)).toEqual(names.map((name) => name.replaceAll('""', '"')));
});

test('an import that is stopped keeps what is in, and the next one brings the rest', async () => {
  const text = `${HEADER}\n${Array.from({ length: 100 }, (_, index) => `2024-01-01 00:00:${10 + (index % 50)},${index},1`).join('\n')}\n`;
  const controller = new AbortController();
  const stopAfterFifty = ({ lineCount }: { lineCount: number }) => void (lineCount >= 50 && controller.abort());
  const stopped = await load(text, { signal: controller.signal, onProgress: stopAfterFifty });
  expect(stopped.isComplete).toBe(false);
  expect(stopped.newCount).toBeGreaterThanOrEqual(50);
  expect(stopped.newCount).toBeLessThan(100);
  expect(await load(text)).toMatchObject({ newCount: 100 - stopped.newCount, knownCount: stopped.newCount, isComplete: true });
});

test('a database that is gone ends the import with its error, whichever batch met it', async () => {
  const gone = await createTestDatabase();
  await gone.drop();
  const text = `${HEADER}\n${Array.from({ length: 100 }, (_, index) => `2024-01-01 00:00:00,${index},1`).join('\n')}\n`;
  await expect(importText(gone.handle, text, { batchSize: 10 })).rejects.toThrow();
});

test('progress ends at all bytes and all lines, each pass counted', async () => {
  const text = `${HEADER}\n${GOOD}\nbad\n${GOOD}\n`;
  const last = { bytesRead: 0, bytesTotal: 0, lineCount: 0 };
  await load(text, { passCount: 2, onProgress: (progress) => Object.assign(last, progress) });
  expect(last).toMatchObject({ bytesRead: text.length * 2, bytesTotal: text.length * 2, lineCount: 6 });
});
