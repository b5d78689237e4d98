import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { importJournal } from '#server/sandbox/history/import-journal.ts';
import type { NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import { startTestOpenRouter } from '#tests/support/openrouter.ts';

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

const pastOf = (count: number): NewJournalEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString(),
    generationId: `gen-past-${index}`,
    model: 'openai/gpt-4o',
    costUsd: '0.000000000001',
  }));

/** A control API that counts what it gets and refuses from the given request on. */
async function startCounter(refuseFrom = Number.POSITIVE_INFINITY) {
  const batches: number[] = [];
  const Body = z.object({ entries: z.array(z.unknown()) });
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      batches.push(Body.parse(JSON.parse(text)).entries.length);
      res.writeHead(batches.length > refuseFrom ? 400 : 201).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(server);
  const address = server.address();
  return { batches, controlUrl: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}

describe('importJournal', () => {
  test('lays down a past of any length whole and in its order', async () => {
    const standIn = await startTestOpenRouter();
    running.push(standIn);
    const past = pastOf(201);
    await importJournal(standIn.controlUrl, past);
    const { entries, totalUsd } = await standIn.journal();
    expect(entries.map((entry) => entry.generationId)).toEqual(past.map((entry) => entry.generationId));
    expect(totalUsd).toBe('0.000000000201');
  });

  test.each([
    [0, []],
    [200, [200]],
    [401, [200, 200, 1]],
  ])('brings %i entries in batches of %j, so that no request grows with the past', async (count, sizes) => {
    const { controlUrl, batches } = await startCounter();
    await importJournal(controlUrl, pastOf(count));
    expect(batches).toEqual(sizes);
  });

  test('stops at the first batch that is refused, and says that the service is not available', async () => {
    const { controlUrl, batches } = await startCounter(1);
    await expect(importJournal(controlUrl, pastOf(600))).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
    expect(batches).toEqual([200, 200]);
  });

  test('rejects with what a stand-in refuses, which then holds nothing of that batch', async () => {
    const standIn = await startTestOpenRouter();
    running.push(standIn);
    const [good, bad] = pastOf(2);
    if (!good || !bad) throw new Error('no past');
    await expect(importJournal(standIn.controlUrl, [good, { ...bad, costUsd: '-1' }])).rejects.toMatchObject({ code: 'unavailable' });
    expect((await standIn.journal()).entries).toEqual([]);
  });
});
