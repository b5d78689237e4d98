import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '#server/sandbox/telegram/api-error.ts';
import { UpdateQueue, type Poll } from '#server/sandbox/telegram/update-queue.ts';

const FIRST_ID = 1000;
const chat = { id: 1, type: 'private', first_name: 'A' } as const;
const user = { id: 1, is_bot: false, first_name: 'A' };
const update = { message: { message_id: 1, date: 1, chat, from: user, text: 'x' } };
const never = new AbortController().signal;
const poll = (queue: UpdateQueue, options: Partial<Poll>) =>
  queue.poll({ offset: 0, limit: 100, timeoutSeconds: 0, allowedUpdates: undefined, ...options }, never);

type Step =
  | { readonly kind: 'push' }
  | { readonly kind: 'poll'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'remove'; readonly updateId: number }
  | { readonly kind: 'drop' };

const nearId = fc.integer({ min: FIRST_ID - 2, max: FIRST_ID + 12 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>({ kind: 'push' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('poll' as const),
      offset: fc.oneof(nearId, fc.constant(0), fc.integer({ min: -4, max: -1 })),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), updateId: nearId }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'drop' }) },
);

/** What the documentation of `getUpdates` says of the ids that wait. */
function confirm(ids: readonly number[], offset: number): number[] {
  return offset < 0 ? ids.slice(offset) : ids.filter((id) => id >= offset);
}

describe('the queue', () => {
  test('does at every step what the documentation says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const queue = new UpdateQueue(FIRST_ID);
        let waiting: number[] = [];
        let nextId = FIRST_ID;
        for (const one of steps) {
          if (one.kind === 'push') {
            expect(queue.push(update)).toBe(nextId);
            waiting = [...waiting, nextId++];
          } else if (one.kind === 'poll') {
            waiting = confirm(waiting, one.offset);
            expect((await poll(queue, one)).map(({ update_id }) => update_id)).toEqual(waiting.slice(0, one.limit));
          } else if (one.kind === 'remove') {
            queue.remove(one.updateId);
            waiting = waiting.filter((id) => id !== one.updateId);
          } else {
            queue.drop();
            waiting = [];
          }
          expect([queue.pendingCount, queue.nextUpdateId]).toEqual([waiting.length, nextId]);
        }
      }),
    );
  });

  test('gives a bot that confirms what it got every update once and in order, whatever its limit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }), async (count, limit) => {
        const queue = new UpdateQueue(FIRST_ID);
        const pushed = Array.from({ length: count }, () => queue.push(update));
        const got: number[] = [];
        for (let offset = 0; ; offset = (got.at(-1) ?? 0) + 1) {
          const batch = await poll(queue, { offset, limit });
          if (batch.length === 0) break;
          got.push(...batch.map(({ update_id }) => update_id));
        }
        expect(got).toEqual(pushed);
      }),
    );
  });

  test('drops the oldest beyond a hundred thousand', () => {
    const restored = Array.from({ length: 100_000 }, (_, index) => ({ update_id: index, ...update }));
    const queue = new UpdateQueue(100_000, restored);
    queue.push(update);
    expect([queue.pendingCount, queue.pending()[0]?.update_id, queue.pending().at(-1)?.update_id]).toEqual([100_000, 1, 100_000]);
  });
});

describe('polls at the same time', () => {
  test('of many only the last goes on, each before it fails with 409', async () => {
    const queue = new UpdateQueue(FIRST_ID);
    const polls = Array.from({ length: 5 }, () => poll(queue, { timeoutSeconds: 30 }));
    const ended = Promise.allSettled(polls);
    queue.push(update);
    const results = await ended;
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(results[0]).toMatchObject({ reason: expect.any(ApiError) });
    expect(queue.isPolling).toBe(false);
  });

  test('one that has its answer cannot be failed any more', async () => {
    const queue = new UpdateQueue(FIRST_ID);
    const waiting = poll(queue, { timeoutSeconds: 30 });
    queue.push(update);
    queue.endWaitingPoll('too late');
    expect(await waiting).toHaveLength(1);
  });

  test('an unwanted update does not wake the one that waits', async () => {
    const queue = new UpdateQueue(FIRST_ID);
    const waiting = poll(queue, { timeoutSeconds: 30, allowedUpdates: ['callback_query'] });
    queue.push(update);
    expect(queue.isPolling).toBe(true);
    queue.push({ callback_query: { id: '1', from: user, chat_instance: '1', data: 'x' } });
    expect((await waiting).map(({ update_id }) => update_id)).toEqual([FIRST_ID + 1]);
  });
});
