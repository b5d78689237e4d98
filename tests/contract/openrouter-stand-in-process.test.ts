import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { buildLlmRequest, TEST_API_KEY } from '#tests/support/openrouter.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

let folder = '';
const children: Child[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function spawnStandIn(...flags: string[]): Child {
  const child = spawn(process.execPath, ['server/sandbox/openrouter/main.ts', ...flags], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function readReady(child: Child): Promise<{ ready: boolean; url: string; controlUrl: string }> {
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('it ended without a word');
}

describe('the process of the stand-in', () => {
  it('says in one line where it listens, and remembers after a kill what it billed', async () => {
    const flags = ['--latency-scale', '0', '--journal', join(folder, 'journal.jsonl')];
    const first = spawnStandIn(...flags);
    const { ready, url } = await readReady(first);
    expect(ready).toBe(true);
    const outcome = await createLlmClient({ baseUrl: url, apiKey: TEST_API_KEY }).generate(buildLlmRequest());
    first.kill('SIGKILL');
    await once(first, 'exit');

    const again = await readReady(spawnStandIn(...flags));
    const response = await fetch(`${again.url}/generation?id=${outcome.generationId}`, {
      headers: { authorization: `Bearer ${TEST_API_KEY}` },
    });
    expect(await response.json()).toMatchObject({ data: { id: outcome.generationId, total_cost: Number(outcome.bill?.costUsd) } });
  });

  it('ends when its parent closes its stdin', async () => {
    const child = spawnStandIn();
    await readReady(child);
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends on SIGTERM although a request hangs', async () => {
    const child = spawnStandIn('--latency-scale', '0');
    const { url, controlUrl } = await readReady(child);
    await fetch(`${controlUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"mode":"stall_after_headers"}',
    });
    const hanging = createLlmClient({ baseUrl: url, apiKey: TEST_API_KEY }).generate(buildLlmRequest());
    await expect.poll(async () => (await fetch(`${controlUrl}/journal`)).text(), { timeout: 10_000 }).toContain('not_billed');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await hanging).toMatchObject({ kind: 'failed', errorType: 'connection' });
  });

  it('refuses a flag that makes no sense, in words, with exit code 1', async () => {
    const child = spawnStandIn('--port', '99999');
    const [words] = await once(child.stderr, 'data');
    expect(String(words)).toContain('--port must be a number from 0 to 65535');
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
