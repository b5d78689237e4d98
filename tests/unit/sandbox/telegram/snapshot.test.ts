import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Journal } from '#server/sandbox/telegram/journal.ts';
import { keepSnapshot } from '#server/sandbox/telegram/keep-snapshot.ts';
import { findSnapshot, writeSnapshot } from '#server/sandbox/telegram/snapshot.ts';
import { createWorld } from '#server/sandbox/telegram/world.ts';
import { writeMessage } from '#server/sandbox/telegram/person-actions.ts';

const TOKEN = '42:secret';
const NOW_MS = Date.UTC(2026, 10, 24);
const person = { id: 7_000_000_001, firstName: 'Анна' };

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adtrobot-snapshot-'));
  path = join(directory, 'deep', 'state.json');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

test('a world goes on where its snapshot ends', () => {
  const world = createWorld(TOKEN, null, () => NOW_MS);
  const first = writeMessage(world, { chatId: person.id, from: person, text: 'hi' });
  expect(first.updateId).toBe(NOW_MS / 1000);
  keepSnapshot(path, world)();
  const restored = createWorld(TOKEN, findSnapshot(path), () => NOW_MS);
  expect(restored.chats.list()).toEqual(world.chats.list());
  expect(restored.updates.pending()).toEqual(world.updates.pending());
  const second = writeMessage(restored, { chatId: person.id, from: person, text: 'again' });
  expect(second).toEqual({ updateId: first.updateId + 1, messageId: first.messageId + 1 });
});

test('without memory, ids go on from the later time', () => {
  const first = writeMessage(
    createWorld(TOKEN, null, () => NOW_MS),
    { chatId: person.id, from: person, text: 'hi' },
  );
  const second = writeMessage(
    createWorld(TOKEN, null, () => NOW_MS + 2_000),
    { chatId: person.id, from: person, text: 'hi' },
  );
  expect(second).toEqual({ updateId: first.updateId + 2, messageId: first.messageId + 2 });
  expect(second.messageId).toBeLessThan(2 ** 31);
});

test('a long chat is remembered by its end', () => {
  const world = createWorld(TOKEN, null, () => NOW_MS);
  for (let index = 0; index < 50; index += 1) writeMessage(world, { chatId: person.id, from: person, text: String(index) });
  keepSnapshot(path, world)();
  const messages = findSnapshot(path)?.chats[0]?.messages ?? [];
  expect(messages).toHaveLength(30);
  expect(messages.at(-1)?.text).toBe('49');
});

test('nothing is written while nothing changes, and nothing is left lying about', async () => {
  vi.useFakeTimers();
  const world = createWorld(TOKEN, null, () => NOW_MS);
  const stop = keepSnapshot(path, world);
  vi.advanceTimersByTime(1_000);
  await writeFile(path, 'untouched');
  vi.advanceTimersByTime(5_000);
  expect(await readFile(path, 'utf8')).toBe('untouched');
  writeMessage(world, { chatId: person.id, from: person, text: 'hi' });
  vi.advanceTimersByTime(1_000);
  expect(findSnapshot(path)?.updates).toHaveLength(1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
  expect(await readdir(join(directory, 'deep'))).toEqual(['state.json']);
});

test('what is no snapshot counts as none', async () => {
  expect(findSnapshot(path)).toBeNull();
  writeSnapshot(path, { nextUpdateId: 1, nextMessageId: 1, sequence: 1, chats: [], updates: [] });
  expect(findSnapshot(path)).not.toBeNull();
  await writeFile(path, '{"nextUpdateId":"1"}');
  expect(findSnapshot(path)).toBeNull();
});

test('the journal keeps order in memory and file, goes on after a restart, and closes twice', async () => {
  const file = join(directory, 'deep', 'journal.jsonl');
  const call = (method: string) => ({ method, chatId: 1, payload: {}, ok: true, errorCode: null, description: null, messageId: null });
  const first = new Journal(10, file);
  first.record(call('getMe'));
  first.record(call('sendMessage'));
  expect(first.list(0, undefined).map(({ sequence }) => sequence)).toEqual([10, 11]);
  expect(first.list(10, 1).map(({ method }) => method)).toEqual(['sendMessage']);
  expect(first.list(0, 2)).toEqual([]);
  await first.close();
  await first.close();
  const second = new Journal(20, file);
  second.record(call('getUpdates'));
  await second.close();
  const methods = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).method);
  expect(methods).toEqual(['getMe', 'sendMessage', 'getUpdates']);
});

test('a journal that has grown large is put aside', async () => {
  const file = join(directory, 'journal.jsonl');
  await writeFile(file, Buffer.alloc(50_000_001, 'x'));
  await new Journal(1, file).close();
  expect((await readdir(directory)).sort()).toEqual(['journal.jsonl', 'journal.jsonl.1']);
});
