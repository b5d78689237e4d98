import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Journal } from '#server/sandbox/telegram/journal.ts';
import { keepSnapshot } from '#server/sandbox/telegram/keep-snapshot.ts';
import { changeMember, writeMessage } from '#server/sandbox/telegram/person-actions.ts';
import { findSnapshot } from '#server/sandbox/telegram/snapshot.ts';
import { createWorld, type World } from '#server/sandbox/telegram/world.ts';

const ids = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
const never = new AbortController().signal;

let directory: string;
let path: string;
let world: World;
let stop: () => void;

const write = (id: number, text = 'hi') => writeMessage(world, { chatId: id, from: { id, firstName: 'A' }, text });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adtrobot-keep-'));
  path = join(directory, 'sandbox', 'state.json');
  world = createWorld('42:secret', null, Date.now);
  stop = () => undefined;
});
afterEach(async () => {
  stop();
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

function keep(): void {
  vi.useFakeTimers();
  stop = keepSnapshot(path, world);
}

describe('the memory on disk', () => {
  test('follows within a second when the bot has confirmed what waited', async () => {
    write(1);
    keep();
    vi.advanceTimersByTime(1_000);
    expect(findSnapshot(path)?.updates).toHaveLength(1);
    await world.updates.poll({ offset: Number.MAX_SAFE_INTEGER, limit: 100, timeoutSeconds: 0, allowedUpdates: undefined }, never);
    vi.advanceTimersByTime(1_000);
    expect(findSnapshot(path)?.updates).toEqual([]);
  });

  test('follows a block of which the bot is not told', () => {
    world.updates.allow(['message']);
    write(1);
    keep();
    vi.advanceTimersByTime(1_000);
    changeMember(world, { chatId: 1, from: { id: 1, firstName: 'A' }, isBlocked: true });
    vi.advanceTimersByTime(1_000);
    expect(findSnapshot(path)?.chats).toMatchObject([{ isBlocked: true }]);
  });

  test('follows an edit, which makes no update', () => {
    write(1, 'before');
    keep();
    vi.advanceTimersByTime(1_000);
    const message = world.chats.find(1)?.messages[0];
    if (message) world.chats.edit(message, { text: 'after' });
    vi.advanceTimersByTime(1_000);
    expect(findSnapshot(path)?.chats[0]?.messages).toMatchObject([{ text: 'after' }]);
  });

  test('holds 200 chats whole, by their last change, and of the others the last message', () => {
    for (const id of ids(1, 203)) {
      write(id, 'first');
      write(id, 'last');
    }
    write(1, 'back again');
    keepSnapshot(path, world)();
    const chats = findSnapshot(path)?.chats ?? [];
    expect(chats).toHaveLength(203);
    const shortened = chats.filter(({ messages }) => messages.length === 1);
    expect(shortened.map(({ id }) => id).sort()).toEqual([2, 3, 4]);
    expect(shortened.map(({ messages }) => messages[0]?.text)).toEqual(['last', 'last', 'last']);
    expect(chats[0]?.messages.map(({ text }) => text)).toEqual(['first', 'last', 'back again']);
  });

  test('leaves the world itself whole', () => {
    for (const index of ids(0, 50)) write(1, String(index));
    keepSnapshot(path, world)();
    expect(world.chats.find(1)?.messages).toHaveLength(50);
  });

  test('is written as soon as the disk takes it again, without a further change', async () => {
    const blocker = join(directory, 'sandbox');
    await writeFile(blocker, 'a file where the folder should be');
    keep();
    write(1);
    vi.advanceTimersByTime(3_000);
    expect(findSnapshot(path)).toBeNull();
    await rm(blocker);
    vi.advanceTimersByTime(1_000);
    expect(findSnapshot(path)?.updates).toHaveLength(1);
  });

  test('keeps the old state when a write fails half-way', async () => {
    write(1, 'old');
    keep();
    vi.advanceTimersByTime(1_000);
    await mkdir(`${path}.new`);
    write(1, 'new');
    vi.advanceTimersByTime(1_000);
    expect(findSnapshot(path)?.updates).toHaveLength(1);
    await rm(`${path}.new`, { recursive: true });
  });
});

describe('the journal', () => {
  const call = { method: 'getMe', chatId: null, payload: {}, ok: true, errorCode: null, description: null, messageId: null };

  test('remembers the newest 20,000 calls and writes all', async () => {
    const file = join(directory, 'journal.jsonl');
    const journal = new Journal(1, file);
    for (const index of ids(0, 20_003)) journal.record({ ...call, chatId: index });
    const entries = journal.list(0, undefined);
    expect([entries.length, entries[0]?.sequence, entries.at(-1)?.sequence]).toEqual([20_000, 4, 20_003]);
    await journal.close();
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(20_003);
  });

  test('goes on in memory when its file cannot be written, and still closes', async () => {
    const file = join(directory, 'journal.jsonl');
    await mkdir(file);
    const journal = new Journal(1, file);
    journal.record(call);
    await vi.waitFor(() => readFile(file).then(undefined, (error: unknown) => expect(String(error)).toContain('EISDIR')));
    journal.record(call);
    expect(journal.list(0, undefined)).toHaveLength(2);
    await journal.close();
  });

  test('keeps of the files that were put aside only the last', async () => {
    const file = join(directory, 'journal.jsonl');
    for (const mark of ['a', 'b']) {
      await writeFile(file, Buffer.alloc(50_000_001, mark));
      await new Journal(1, file).close();
    }
    expect((await readFile(`${file}.1`)).subarray(0, 1).toString()).toBe('b');
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('stays where it is at exactly the size limit', async () => {
    const file = join(directory, 'journal.jsonl');
    await writeFile(file, Buffer.alloc(50_000_000, 'x'));
    const journal = new Journal(1, file);
    journal.record(call);
    await journal.close();
    expect((await readFile(file)).byteLength).toBeGreaterThan(50_000_000);
  });
});
