import { afterAll, beforeAll, expect, test } from 'vitest';
import { readUnsettled } from '#db/queries/ledger.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { importText } from '#tests/support/imports.ts';
import { seedGeneration } from '#tests/support/seed.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('imported calls of unknown cost are nobody\'s open business, our own are', async () => {
  const { db } = database.handle;
  await importText(database.handle, 'timestamp,input_tokens,output_tokens\n2020-01-01 00:00:00,1,1\n');
  expect(await readUnsettled(db)).toEqual({ reservedCount: 0, unknownCount: 0, oldestStartedAt: null });
  const startedAt = new Date('2024-01-01T00:00:00Z');
  await seedGeneration(db, { startedAt, status: 'unknown', costUsd: null, costSource: 'none' });
  await seedGeneration(db, { startedAt: new Date('2024-01-02T00:00:00Z'), status: 'reserved', costUsd: null, costSource: 'none' });
  expect(await readUnsettled(db)).toEqual({ reservedCount: 1, unknownCount: 1, oldestStartedAt: startedAt });
});
