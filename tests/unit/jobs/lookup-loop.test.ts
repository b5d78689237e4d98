import { describe, expect, it } from 'vitest';
import { createLookupLoop } from '#server/jobs/lookup-loop.ts';
import { createLogger } from '#server/lib/logger.ts';
import { sleep } from '#server/lib/sleep.ts';

const logger = createLogger('silent');
/** Longer than any test lasts: what comes after it never comes. */
const NEVER_MS = 3_600_000;

describe('createLookupLoop', () => {
  it('does nothing before it is started, then looks at once and after each interval', async () => {
    const looks: number[] = [];
    const loop = createLookupLoop({ lookUp: async () => looks.push(performance.now()), logger, intervalMs: 40 });
    await sleep(60);
    expect(looks).toEqual([]);
    loop.start();
    expect(looks).toHaveLength(1);
    await expect.poll(() => looks.length, { interval: 5 }).toBeGreaterThan(2);
    await loop.stop();
    for (const [index, at] of looks.entries()) if (index > 0) expect(at - (looks[index - 1] ?? 0)).toBeGreaterThan(35);
  });

  it('never looks twice at a time, however long one look takes and however often it is started', async () => {
    let open = 0;
    let most = 0;
    let looks = 0;
    const lookUp = async () => {
      looks += 1;
      most = Math.max(most, (open += 1));
      await sleep(20);
      return (open -= 1);
    };
    const loop = createLookupLoop({ lookUp, logger, intervalMs: 1 });
    loop.start();
    loop.start();
    await expect.poll(() => looks).toBeGreaterThan(3);
    await loop.stop();
    expect([most, open]).toEqual([1, 0]);
  });

  it('goes on after a look that failed, and logs its cause', async () => {
    const logged: string[] = [];
    const loud = createLogger('warn');
    loud.warn = (...args: unknown[]) => void logged.push(JSON.stringify(args));
    let looks = 0;
    const loop = createLookupLoop({ lookUp: () => ((looks += 1) === 1 ? Promise.reject(new Error('database gone')) : Promise.resolve(0)), logger: loud, intervalMs: 1 });
    loop.start();
    await expect.poll(() => looks).toBeGreaterThan(2);
    await loop.stop();
    expect(logged).toEqual([expect.stringContaining('database gone')]);
  });

  it('waits at a stop for the look that runs, and for no pause after it', async () => {
    const gate = Promise.withResolvers<number>();
    let isStopped = false;
    const loop = createLookupLoop({ lookUp: () => gate.promise, logger, intervalMs: NEVER_MS });
    loop.start();
    const stopping = Promise.all([loop.stop(), loop.stop()]).then(() => (isStopped = true));
    await sleep(20);
    expect(isStopped).toBe(false);
    gate.resolve(1);
    await stopping;
  });

  it('ends its pause at once when it is stopped, and does not come back', async () => {
    let looks = 0;
    const loop = createLookupLoop({ lookUp: async () => (looks += 1), logger, intervalMs: NEVER_MS });
    loop.start();
    await sleep(5);
    await loop.stop();
    loop.start();
    await loop.stop();
    expect(looks).toBe(1);
  });

  it('looks at nothing when it was stopped before it was started', async () => {
    let looks = 0;
    const loop = createLookupLoop({ lookUp: async () => (looks += 1), logger });
    await loop.stop();
    loop.start();
    await loop.stop();
    expect(looks).toBe(0);
  });
});
