import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '#server/sandbox/telegram/api-error.ts';
import { UpdateQueue, type Poll } from '#server/sandbox/telegram/update-queue.ts';

const FIRST_ID = 1000;
const chat = { id: 1, type: 'private', first_name: 'A' } as const;
const user = { id: 1, is_bot: false, first_name: 'A' };
const update = (text = 'x') => ({ message: { message_id: 1, date: 1, chat, from: user, text } });
const never = new AbortController().signal;

function poll(queue: UpdateQueue, options: Partial<Poll> = {}, signal: AbortSignal = never) {
  return queue.poll({ offset: 0, limit: 100, timeoutSeconds: 0, allowedUpdates: undefined, ...options }, signal);
}

async function ids(queue: UpdateQueue, options: Partial<Poll> = {}): Promise<number[]> {
  return (await poll(queue, options)).map((one) => one.update_id);
}

function filled(count: number): UpdateQueue {
  const queue = new UpdateQueue(FIRST_ID);
  for (let index = 0; index < count; index += 1) queue.push(update());
  return queue;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('offsets', () => {
  test('ids rise by one from the first', async () => {
    expect(await ids(filled(3))).toEqual([1000, 1001, 1002]);
  });

  test('updates come again until an offset above them confirms them', async () => {
    const queue = filled(3);
    expect(await ids(queue)).toEqual([1000, 1001, 1002]);
    expect(await ids(queue)).toEqual([1000, 1001, 1002]);
    expect(await ids(queue, { offset: 1001 })).toEqual([1001, 1002]);
    expect(await ids(queue)).toEqual([1001, 1002]);
    expect(queue.pendingCount).toBe(2);
  });

  test('a negative offset keeps that many of the newest and forgets the rest', async () => {
    const queue = filled(5);
    expect(await ids(queue, { offset: -2 })).toEqual([1003, 1004]);
    expect(await ids(queue)).toEqual([1003, 1004]);
  });

  test('no more than the limit are given, the oldest first', async () => {
    expect(await ids(filled(5), { limit: 2 })).toEqual([1000, 1001]);
  });

  test('what was restored stands before what is new', async () => {
    const queue = new UpdateQueue(FIRST_ID, [{ update_id: 990, ...update() }]);
    queue.push(update());
    expect(await ids(queue)).toEqual([990, 1000]);
  });

  test('dropping forgets all, removing one', async () => {
    const queue = filled(3);
    queue.remove(1001);
    expect(await ids(queue)).toEqual([1000, 1002]);
    queue.drop();
    expect(await ids(queue)).toEqual([]);
  });
});

describe('waiting', () => {
  test('a poll without updates waits for the next one', async () => {
    const queue = filled(0);
    const waiting = ids(queue, { timeoutSeconds: 30 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(queue.isPolling).toBe(true);
    queue.push(update());
    expect(await waiting).toEqual([1000]);
    expect(queue.isPolling).toBe(false);
  });

  test('it gives nothing after its timeout', async () => {
    const waiting = ids(filled(0), { timeoutSeconds: 7 });
    await vi.advanceTimersByTimeAsync(7_000);
    expect(await waiting).toEqual([]);
  });

  test('it waits 50 seconds at most', async () => {
    const waiting = ids(filled(0), { timeoutSeconds: 3600 });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(await waiting).toEqual([]);
  });

  test('with updates at hand it does not wait', async () => {
    expect(await ids(filled(1), { timeoutSeconds: 30 })).toEqual([1000]);
  });

  test('a newer poll fails the older one with 409', async () => {
    const queue = filled(0);
    const older = poll(queue, { timeoutSeconds: 30 });
    const refused = expect(older).rejects.toThrow(
      new ApiError(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'),
    );
    const newer = ids(queue, { timeoutSeconds: 30 });
    await refused;
    queue.push(update());
    expect(await newer).toEqual([1000]);
  });

  test('a client that went away ends its poll and takes nothing', async () => {
    const queue = filled(0);
    const ending = new AbortController();
    const waiting = poll(queue, { timeoutSeconds: 30 }, ending.signal);
    ending.abort();
    expect(await waiting).toEqual([]);
    expect(queue.isPolling).toBe(false);
    queue.push(update());
    expect(queue.pendingCount).toBe(1);
  });

  test('a client that is gone already is not waited for', async () => {
    expect(await poll(filled(0), { timeoutSeconds: 30 }, AbortSignal.abort())).toEqual([]);
  });

  test('no timer is left behind', async () => {
    const queue = filled(0);
    const waiting = poll(queue, { timeoutSeconds: 30 });
    queue.push(update());
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('allowed updates', () => {
  const member = { user, status: 'member' } as const;
  const changed = { chat, from: user, date: 1, old_chat_member: member, new_chat_member: member };

  test('types that must be named are not queued otherwise, and still use up their id', async () => {
    const queue = filled(0);
    queue.push({ chat_member: changed });
    queue.push({ my_chat_member: changed });
    expect(await ids(queue)).toEqual([1001]);
  });

  test('a list is kept until another one is given', async () => {
    const queue = filled(0);
    await ids(queue, { allowedUpdates: ['message'] });
    queue.push({ my_chat_member: changed });
    await ids(queue);
    queue.push(update());
    expect(await ids(queue)).toEqual([1001]);
    await ids(queue, { allowedUpdates: [] });
    queue.push({ my_chat_member: changed });
    expect(await ids(queue)).toEqual([1001, 1002]);
  });

  test('it does not touch what is queued already', async () => {
    const queue = filled(2);
    expect(await ids(queue, { allowedUpdates: ['callback_query'] })).toEqual([1000, 1001]);
  });

  test('listeners hear of new updates until they end', () => {
    const queue = filled(0);
    const heard = vi.fn();
    const end = queue.onPush(heard);
    queue.push(update());
    end();
    queue.push(update());
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
