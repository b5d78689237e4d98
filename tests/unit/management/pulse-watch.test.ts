import { describe, expect, it } from 'vitest';
import { createPulseWatch } from '#server/management/pulse-watch.ts';
import { SharedState } from '#server/management/shared-state.ts';

/** A watch that looks every 250 ms of a clock turned by hand. */
function start() {
  let [pulse, nowMs] = [0, 0];
  const look = createPulseWatch(() => pulse, () => nowMs);
  return {
    beat: () => {
      pulse += 1;
    },
    jump: (ms: number) => {
      nowMs += ms;
      return look();
    },
    pass: (ms: number) => {
      let stuckMs = 0;
      for (let passedMs = 0; passedMs < ms; passedMs += 250) {
        nowMs += 250;
        stuckMs = look();
      }
      return stuckMs;
    },
  };
}

describe('the watch over the main loop', () => {
  it('counts how long nothing has changed, and from 0 again at the first beat', () => {
    const watch = start();
    expect(watch.pass(5_000)).toBe(5_000);
    watch.beat();
    expect(watch.jump(1)).toBe(0);
    expect(watch.pass(1_500)).toBe(1_500);
  });

  it('does not count the time in which it was frozen itself, as when the whole process sleeps', () => {
    const watch = start();
    expect(watch.pass(500)).toBe(500);
    expect(watch.jump(60_000)).toBe(1_500);
    watch.beat();
    expect(watch.jump(250)).toBe(0);
  });

  it('holds a loop that beats late for turning', () => {
    const watch = start();
    for (let beats = 0; beats < 20; beats += 1) {
      expect(watch.pass(1_250)).toBeLessThan(1_500);
      watch.beat();
      watch.jump(1);
    }
  });
});

describe('the shared memory', () => {
  it('shows on one side what the other says, and that it said so anew', () => {
    const main = new SharedState();
    const thread = new SharedState(main.buffer);
    expect(thread.read()).toEqual({ isReady: false, isLive: false, pulse: 0 });
    main.beat({ isReady: false, isLive: true });
    expect(thread.read()).toEqual({ isReady: false, isLive: true, pulse: 1 });
    main.beat({ isReady: true, isLive: true });
    expect(thread.read()).toEqual({ isReady: true, isLive: true, pulse: 2 });
  });

  it('goes on counting beats when the number overflows, in a century', () => {
    const main = new SharedState();
    new Int32Array(main.buffer)[0] = 2 ** 31 - 1;
    main.beat({ isReady: true, isLive: true });
    expect(main.read().pulse).toBe(-(2 ** 31));
  });
});
