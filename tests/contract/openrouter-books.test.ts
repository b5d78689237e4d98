import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sumUsd } from '#server/lib/money.ts';
import type { OpenRouterStandInOptions } from '#server/sandbox/openrouter/create-stand-in.ts';
import { JournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import { startTestOpenRouter, type TestOpenRouter } from '#tests/support/openrouter.ts';
import { chatBody, getApi, postChat, readStream, readUntilBreak } from '#tests/support/openrouter-wire.ts';

let folder = '';
let journalFile = '';
const started: TestOpenRouter[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'books-'));
  journalFile = join(folder, 'journal.jsonl');
});
afterEach(async () => {
  for (const standIn of started.splice(0)) await standIn.close();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<OpenRouterStandInOptions> = {}): Promise<TestOpenRouter> {
  const standIn = await startTestOpenRouter({ journalFile, ...options });
  started.push(standIn);
  return standIn;
}

/** One answer, read to its last byte, as far as it came. */
async function ask(openRouter: TestOpenRouter): Promise<{ status: number; generationId: string | null; text: string }> {
  const response = await postChat(openRouter, chatBody());
  const { text } = await readUntilBreak(response);
  return { status: response.status, generationId: response.headers.get('x-generation-id'), text };
}

const costOf = (text: string) => z.object({ usage: z.object({ cost: z.number() }) }).parse(JSON.parse(text)).usage.cost;
const readFile = () => readFileSync(journalFile, 'utf8').trim().split('\n').map((line) => JournalEntry.parse(JSON.parse(line)));

describe('the books of the stand-in', () => {
  test('hold each of many calls at once exactly once, each with a number and an id of its own', async () => {
    const openRouter = await start();
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(openRouter)));
    const { entries, totalUsd } = await openRouter.journal();
    expect(entries.map((entry) => entry.sequence)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(entries.map((entry) => entry.generationId).sort()).toEqual(answers.map((answer) => answer.generationId).sort());
    expect(new Set(entries.map((entry) => entry.generationId)).size).toBe(40);
    expect(totalUsd).toBe(sumUsd(answers.map(({ text }) => costOf(text))));
  });

  test('are on disk before the client has its last byte, also when that never comes', async () => {
    const openRouter = await start();
    const whole = await ask(openRouter);
    expect(readFile()).toMatchObject([{ generationId: whole.generationId }]);
    const { chunks } = await readStream(await postChat(openRouter, chatBody({ stream: true })));
    expect(readFile()[1]).toMatchObject({ generationId: chunks[0]?.id, isStreamed: true });
    await openRouter.addFault({ mode: 'destroy_after_headers' });
    const broken = await ask(openRouter);
    expect(readFile()[2]).toMatchObject({ generationId: broken.generationId, outcome: 'billed' });
    expect((await postChat(openRouter, '{}')).status).toBe(400);
    expect(readFile()).toHaveLength(4);
  });

  test('are the same after a restart, and the limit of the key still counts what was spent before', async () => {
    const first = await start({ keyLimitUsd: '1' });
    const { generationId } = await ask(first);
    await first.importEntries([{ at: '2026-01-02T03:04:05.000Z', generationId: 'gen-past', model: 'openai/gpt-4o', costUsd: '1' }]);
    const before = await first.journal();
    await first.close();
    const second = await start({ keyLimitUsd: '1' });
    expect(await second.journal()).toEqual(before);
    for (const id of [generationId, 'gen-past']) expect((await getApi(second, `/generation?id=${id}`)).status).toBe(200);
    expect((await ask(second)).status).toBe(402);
    expect((await second.journal()).entries.map((entry) => entry.sequence)).toEqual([1, 2, 3]);
  });

  test('agree in every mode with what the key is said to have spent', async () => {
    const openRouter = await start();
    for (const mode of ['choice_error', 'byok', 'missing_usage', 'negative_usage', 'truncated_json', '500', 'empty_choices'] as const) {
      await openRouter.addFault({ mode });
      await ask(openRouter);
    }
    const { entries, totalUsd } = await openRouter.journal();
    const sumWhere = (isByok: boolean) => Number(sumUsd(entries.filter((entry) => entry.isByok === isByok).map((entry) => entry.costUsd)));
    expect(await (await getApi(openRouter, '/key')).json()).toMatchObject({ data: { usage: sumWhere(false), byok_usage: sumWhere(true) } });
    expect(entries.filter((entry) => entry.outcome === 'billed')).toHaveLength(4);
    expect(totalUsd).toBe(sumUsd(entries.map((entry) => entry.costUsd)));
  });
});

describe('the life of the stand-in', () => {
  test('does not begin on a port that is taken', async () => {
    const { port } = new URL((await start()).url);
    await expect(start({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('ends although requests hang, gives its port back, and ends only once', async () => {
    const openRouter = await start();
    const port = Number(new URL(openRouter.url).port);
    await openRouter.addFault({ mode: 'hang_before_headers' });
    await openRouter.addFault({ mode: 'stall_after_headers' });
    const hanging = Promise.allSettled([postChat(openRouter, chatBody()), postChat(openRouter, chatBody()).then((response) => response.text())]);
    await expect.poll(async () => (await openRouter.journal()).entries.length).toBe(2);
    await Promise.all([openRouter.close(), openRouter.close()]);
    expect((await hanging).map((end) => end.status)).toEqual(['rejected', 'rejected']);
    expect((await start({ port })).url).toBe(openRouter.url);
  });
});
