import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthSamples } from '#db/schema/index.ts';
import type { HealthHistoryInput } from '#server/contracts/health-history.ts';
import { HEALTH_STATES, type HealthState } from '#server/contracts/vocabulary.ts';
import { addSamples } from '#server/services/health/add-samples.ts';
import { FRESH_MS } from '#server/services/health/fresh.ts';
import { getHistory } from '#server/services/health/get-history.ts';
import { createSampleRecorder, type SampleRecorder } from '#server/services/health/sample-recorder.ts';
import { registerProcess } from '#server/services/processes/register-process.ts';
import { sampleOf, startHistoryRig, type HistoryRig } from '#tests/support/health-history.ts';

/*
 * Random histories of two processes that sample, fall silent, restart, and write to a Postgres that at times refuses or
 * loses its answer: what is told of any range, in total and bar by bar, is what the raw samples say.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-15T21:07:13.501Z');
const CHECK = 'telegram';

interface Raw {
  readonly atMs: number;
  /** Null: the first of its process. */
  readonly previousMs: number | null;
  readonly state: HealthState;
  readonly latencyMs: number;
}

const who = fc.nat({ max: 1 });
const stepArbitrary = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('sample' as const), who, state: fc.constantFrom(...HEALTH_STATES), afterMs: fc.integer({ min: 1, max: 100_000 }), latencyMs: fc.nat({ max: 9_000 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), who, fate: fc.constantFrom('ok' as const, 'ok' as const, 'refused' as const, 'answer lost' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('silence' as const), afterMs: fc.integer({ min: MINUTE, max: 7 * HOUR }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), who }) },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

let rig: HistoryRig;
beforeAll(async () => {
  rig = await startHistoryRig();
});
afterAll(() => rig.close());

/** A process whose next writing meets the fate that the test chose. */
class Program {
  fate: 'ok' | 'refused' | 'answer lost' = 'ok';
  lastMs: number | null = null;
  recorder: SampleRecorder | null = null;

  async start(): Promise<SampleRecorder> {
    const processId = await registerProcess(rig.db, { version: 'test', now: rig.clock.now() });
    this.lastMs = null;
    this.recorder = createSampleRecorder({
      processId,
      clock: rig.clock,
      add: async (batch) => {
        if (this.fate === 'refused') throw new Error('refused');
        await addSamples(rig.db, batch, rig.clock.now());
        if (this.fate === 'answer lost') throw new Error('answer lost');
      },
    });
    return this.recorder;
  }

  /** A process that stops writes all it has, after a writing that may have to be made again. */
  async write(fate: 'ok' | 'refused' | 'answer lost'): Promise<void> {
    this.fate = fate;
    await this.recorder?.flush().catch(() => undefined);
  }

  async finish(): Promise<void> {
    await this.write('ok');
    await this.write('ok');
  }
}

/** Lives through the steps and returns the raw samples. */
async function live(steps: readonly Step[]): Promise<Raw[]> {
  const raw: Raw[] = [];
  const programs = [new Program(), new Program()] as const;
  for (const program of programs) await program.start();
  for (const step of steps) {
    if (step.kind === 'silence') {
      rig.wait(step.afterMs);
      continue;
    }
    const program = programs[step.who === 0 ? 0 : 1];
    if (step.kind === 'write') await program.write(step.fate);
    if (step.kind === 'restart') {
      await program.finish();
      await program.start();
    }
    if (step.kind === 'sample') {
      rig.wait(step.afterMs);
      const atMs = rig.clock.now().getTime();
      raw.push({ atMs, previousMs: program.lastMs, state: step.state, latencyMs: step.latencyMs });
      program.lastMs = atMs;
      program.recorder?.record(sampleOf(CHECK, step.state, step.latencyMs));
    }
  }
  for (const program of programs) await program.finish();
  return raw;
}

/** The sums of a stretch, straight from the samples. */
function recompute(raw: readonly Raw[], fromMs: number, toMs: number) {
  const ms = { healthy: 0, unhealthy: 0, disabled: 0 };
  for (const { atMs, previousMs, state } of raw) {
    const sinceMs = Math.max(previousMs ?? atMs, atMs - FRESH_MS[CHECK]);
    ms[state] += Math.max(0, Math.min(atMs, toMs) - Math.max(sinceMs, fromMs));
  }
  const measured = raw.filter(({ atMs, state }) => state !== 'disabled' && atMs >= fromMs && atMs < toMs).map(({ latencyMs }) => latencyMs);
  const sampledMs = ms.healthy + ms.unhealthy;
  return {
    healthyMs: ms.healthy,
    unhealthyMs: ms.unhealthy,
    disabledMs: ms.disabled,
    sampledMs,
    uptimeRatio: sampledMs === 0 ? null : ms.healthy / sampledMs,
    sampleCount: measured.length,
    latencyAverageMs: measured.length === 0 ? null : measured.reduce((sum, latencyMs) => sum + latencyMs, 0) / measured.length,
    latencyMaxMs: measured.length === 0 ? null : Math.max(...measured),
  };
}

/** How long nobody sampled, whoever it was. */
function recomputeGap(raw: readonly Raw[], fromMs: number, toMs: number): number {
  const covered = raw
    .map(({ atMs, previousMs }) => ({ fromMs: Math.max(previousMs ?? atMs, atMs - FRESH_MS[CHECK], fromMs), toMs: Math.min(atMs, toMs) }))
    .filter((stretch) => stretch.toMs > stretch.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  let gapMs = Math.max(0, toMs - fromMs);
  let doneMs = fromMs;
  for (const stretch of covered) {
    gapMs -= Math.max(0, stretch.toMs - Math.max(stretch.fromMs, doneMs));
    doneMs = Math.max(doneMs, stretch.toMs);
  }
  return gapMs;
}

test('any range tells what the raw samples say, bar by bar and in total, whatever befell processes and Postgres', async () => {
  const range = fc.record({ backMs: fc.integer({ min: 1, max: 80 * HOUR }), lengthMs: fc.integer({ min: 1, max: 80 * HOUR }) });
  const history = fc.record({ steps: fc.array(stepArbitrary, { minLength: 10, maxLength: 120 }), ranges: fc.array(range, { maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(history, async ({ steps, ranges }) => {
      await rig.db.delete(healthSamples);
      rig.setNow(new Date(START));
      const raw = await live(steps);
      const nowMs = rig.clock.now().getTime();
      const custom = ranges.map(({ backMs, lengthMs }): HealthHistoryInput => ({ from: new Date(nowMs - backMs).toISOString(), to: new Date(nowMs - backMs + lengthMs).toISOString() }));
      for (const input of [{ range: '24h' } as const, { range: '7d' } as const, ...custom]) await compare(raw, input);
    }),
    { numRuns: 40 },
  );
}, 120_000);

async function compare(raw: readonly Raw[], input: HealthHistoryInput): Promise<void> {
  const { covered, checks } = await getHistory(rig, input);
  const told = checks.find(({ check }) => check === CHECK);
  if (!told) throw new Error('no history');
  const [fromMs, toMs] = [Date.parse(covered.from), Date.parse(covered.to)];
  // A sample that is taken now is in the running bucket, which ends now.
  const endMs = toMs === rig.clock.now().getTime() ? toMs + 1 : toMs;
  const { bars, ...total } = told;
  expect(total).toMatchObject(recompute(raw, fromMs, endMs));
  expect(total.gapMs).toBe(bars.reduce((sum, { gapMs }) => sum + gapMs, 0));
  for (const { startsAt, endsAt, isUnfinished: _isUnfinished, gapMs, ...bar } of bars) {
    const [barFromMs, barToMs] = [Date.parse(startsAt), Date.parse(endsAt)];
    expect(bar).toEqual(recompute(raw, barFromMs, barToMs === toMs ? endMs : barToMs));
    // Never more than is true: what two sampled side by side, or what is too new, may hide a part.
    expect(gapMs).toBeLessThanOrEqual(recomputeGap(raw, barFromMs, barToMs));
  }
}

test('the gaps of one process are told to the millisecond', async () => {
  const samples = fc.array(fc.record({ afterMs: fc.integer({ min: 1, max: 20 * MINUTE }), state: fc.constantFrom(...HEALTH_STATES) }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(samples, async (history) => {
      await rig.db.delete(healthSamples);
      rig.setNow(new Date(START));
      const raw = await live(history.map(({ afterMs, state }): Step => ({ kind: 'sample', who: 0, state, afterMs, latencyMs: 1 })));
      rig.wait(5 * MINUTE);
      const nowMs = rig.clock.now().getTime();
      const { covered, checks } = await getHistory(rig, { range: '24h' });
      const told = checks.find(({ check }) => check === CHECK);
      expect(told?.gapMs).toBe(recomputeGap(raw, Date.parse(covered.from), nowMs - 4 * MINUTE));
    }),
    { numRuns: 30 },
  );
}, 60_000);
