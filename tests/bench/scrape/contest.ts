import { Counter, Histogram, Registry } from 'prom-client';
import { createRenderer } from '#server/metrics/render.ts';
import type { Contest } from '../contest.ts';

const SERIES_COUNT = 10_000;
/** A histogram has as many series for each of its label values: 11 buckets, one of all, sum and count. */
const SERIES_PER_HISTOGRAM = 14;
const CACHE_MS = 1_000;
/** What takes microseconds is done this often for one figure. */
const CACHED_COUNT = 1_000;

/** Counters and histograms in equal shares, with label values as long as ours. */
function fillRegistry(): Registry {
  const registry = new Registry();
  const requests = new Counter({ name: 'bench_requests_total', help: 'Requests.', labelNames: ['handler', 'method', 'status'], registers: [registry] });
  const duration = new Histogram({ name: 'bench_duration_seconds', help: 'Durations.', labelNames: ['handler', 'method'], registers: [registry] });
  for (let index = 0; index < SERIES_COUNT / 2; index += 1) requests.inc({ handler: `trpc.area.procedure${index}`, method: 'GET', status: '2xx' }, index);
  for (let index = 0; index < SERIES_COUNT / 2 / SERIES_PER_HISTOGRAM; index += 1) duration.observe({ handler: `trpc.area.procedure${index}`, method: 'GET' }, index / 100);
  return registry;
}

/** A scrape of ten thousand series that has to be rendered, and one within the second after, against a registry that renders each time. */
export function createScrapeContests(roundCount: number): readonly [cold: Contest, cached: Contest] {
  const registry = fillRegistry();
  let nowMs = 0;
  const render = createRenderer(() => registry.metrics(), () => nowMs);
  const timed = (times: number, scrape: () => Promise<unknown>) => async () => {
    const startedAt = performance.now();
    for (let done = 0; done < times; done += 1) await scrape();
    return (performance.now() - startedAt) / times;
  };
  const cold = timed(1, () => {
    nowMs += CACHE_MS;
    return render(null);
  });
  const bare = { name: 'registry.metrics()', measure: timed(1, () => registry.metrics()) };
  const shared = { unit: 'ms', isHigherBetter: false, roundCount, warmUpCount: 5 };
  const page = `${SERIES_COUNT} series of a counter and a histogram`;
  return [
    {
      ...shared,
      name: 'Scrape, rendered anew',
      conditions: `${page}, text 0.0.4, until the bytes are there`,
      contestants: [{ name: 'ours', measure: cold }, bare],
    },
    {
      ...shared,
      name: 'Scrape, within the second',
      conditions: `${page}; all who ask within a second of a rendering get the same bytes`,
      contestants: [{ name: 'ours, compressed', measure: timed(CACHED_COUNT, () => render(null, 'gzip')) }, bare],
    },
  ];
}
