import { describe, expect, it } from 'vitest';
import { createTextSource } from '#server/management/text-source.ts';

/** A source whose questions are counted. */
function start(waitMs = 20) {
  let askedCount = 0;
  const source = createTextSource(() => (askedCount += 1), waitMs);
  return { source, askedCount: () => askedCount };
}

describe('the text that the thread has', () => {
  it('is the one that the main loop renders when asked', async () => {
    const { source, askedCount } = start(10_000);
    const asked = source.next();
    source.receive('a 1\n');
    expect(await asked).toBe('a 1\n');
    const askedAgain = source.next();
    source.receive('a 2\n');
    expect([await askedAgain, askedCount()]).toEqual(['a 2\n', 2]);
  });

  it('is the last one while the main loop does not answer, which is not asked again meanwhile', async () => {
    const { source, askedCount } = start();
    source.receive('a 1\n');
    expect([await source.next(), await source.next(), await source.next()]).toEqual(['a 1\n', 'a 1\n', 'a 1\n']);
    expect(askedCount()).toBe(1);
    source.receive('a 2\n');
    expect(await source.next()).toBe('a 2\n');
    expect(askedCount()).toBe(2);
  });

  it('is the last one when the main loop cannot render', async () => {
    const { source } = start(10_000);
    source.receive('a 1\n');
    const asked = source.next();
    source.receive(null);
    expect(await asked).toBe('a 1\n');
  });

  it('is unavailable, in words, before there was any', async () => {
    const { source } = start();
    await expect(source.next()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('reaches all who wait for it with one question', async () => {
    const { source, askedCount } = start(10_000);
    const all = Promise.all(Array.from({ length: 100 }, () => source.next()));
    source.receive('a 1\n');
    expect(new Set(await all)).toEqual(new Set(['a 1\n']));
    expect(askedCount()).toBe(1);
  });
});
