import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HEALTH_CHECKS, HEALTH_STATES, type HealthState } from '#server/contracts/vocabulary.ts';
import { FLAP_RULES, QUIET, stepFlap, type FlapRules } from '#server/services/health/flap-control.ts';

const RULES: FlapRules = { failureCount: 3, failureMs: 2, recoveryCount: 2, coolDownMs: 60, silenceMs: 100 };

/** One letter per sample: `h`ealthy, `u`nhealthy, `d`isabled; a dot is time without one. The first is at 0. */
function run(text: string, everyMs: number, rules = RULES): string[] {
  const states: Readonly<Record<string, HealthState>> = { h: 'healthy', u: 'unhealthy', d: 'disabled' };
  const events: string[] = [];
  let state = QUIET;
  [...text].forEach((letter, index) => {
    const found = states[letter];
    if (!found) return;
    const stepped = stepFlap(state, found, index * everyMs, rules);
    state = stepped.state;
    if (stepped.event) events.push(`${stepped.event.kind} ${stepped.event.atMs} at ${index * everyMs}`);
  });
  return events;
}

test.each([
  ['failures in a row open an incident that began with the first', 'hhuuu', 1, ['opened 2 at 4']],
  ['fewer do not', 'huuhuuhuh', 1, []],
  ['however slow they come', 'huuu', 30, ['opened 30 at 90']],
  ['when they come fast they have to last', 'huuuuuuuuu', 0.25, ['opened 0.25 at 2.25']],
  ['healthy samples that outlast the cool-down end it, with the first of them', 'uuuhhhhhhh', 10, ['opened 0 at 20', 'recovered 30 at 90']],
  ['a failure within the cool-down is of the same incident', 'uuuhhhhhuhhhhhhhhh', 10, ['opened 0 at 20', 'recovered 90 at 150']],
  ['one healthy sample is not enough, however slow the check', 'uuuh', 90, ['opened 0 at 180']],
  ['disabled, a check opens nothing', 'dddddd', 10, []],
  ['nor do failures around that', 'uudu', 1, []],
  ['disabled ends nothing, and what follows begins anew', 'uuuhhhhddhhhhhhh', 10, ['opened 0 at 20', 'recovered 90 at 150']],
  ['failures with a long silence between are not in a row', 'uu............................u', 10, []],
  ['neither are successes', 'uuuhhhh..............hhhhhhh', 10, ['opened 0 at 20', 'recovered 210 at 270']],
  ['after its end the next outage is another', 'uuuhhhhhhhuuu', 10, ['opened 0 at 20', 'recovered 30 at 90', 'opened 100 at 120']],
])('%s', (_name, samples, everyMs, events) => {
  expect(run(samples, everyMs)).toEqual(events);
});

test('whatever comes, incidents open and end in turn, each end lies after its beginning, and none is shorter than known', () => {
  const samples = fc.array(fc.record({ found: fc.constantFrom(...HEALTH_STATES), afterMs: fc.integer({ min: 0, max: 150 }) }), { maxLength: 200 });
  fc.assert(
    fc.property(samples, (history) => {
      let state = QUIET;
      let atMs = 0;
      let last: { kind: string; atMs: number } = { kind: 'recovered', atMs: -Infinity };
      for (const { found, afterMs } of history) {
        atMs += afterMs;
        const stepped = stepFlap(state, found, atMs, RULES);
        state = stepped.state;
        const { event } = stepped;
        if (!event) continue;
        expect(event.kind).toBe(last.kind === 'opened' ? 'recovered' : 'opened');
        expect(event.atMs).toBeGreaterThanOrEqual(last.atMs);
        expect(event.atMs).toBeLessThanOrEqual(atMs);
        last = event;
      }
      expect(state.isOpen).toBe(last.kind === 'opened');
    }),
  );
});

test.each(HEALTH_CHECKS)('%s: one slow answer is no outage, and failures may last as long as they must without a silence between', (check) => {
  const { failureCount, failureMs, silenceMs } = FLAP_RULES[check];
  expect(failureCount).toBeGreaterThanOrEqual(2);
  expect(failureMs).toBeLessThan(silenceMs);
});
