import type { Latency } from '#server/contracts/performance.ts';
import { getPerformance } from '#server/services/reports/get-performance.ts';
import { mergeFigures, type Figures } from '../peers/peer.ts';
import type { OurReport } from './our-report.ts';

const counts = (exact: Figures['exact']): Figures => ({ exact, near: {} });
const tell = ({ count, p50Ms, p95Ms, p99Ms }: Latency, name: string): Figures => ({
  exact: { [`durations of ${name}`]: String(count) },
  near: { [`p50 of ${name}`]: p50Ms, [`p95 of ${name}`]: p95Ms, [`p99 of ${name}`]: p99Ms },
});

export const readPerformance: OurReport = async (deps) => {
  const { latencies, generations, handlers, overTime, throughput, throughputOverTime } = await getPerformance(deps, { range: '30d' });
  return () =>
    mergeFigures(
      tell(latencies.generation, 'generation'), tell(latencies.interaction, 'interaction'), tell(latencies.update_age, 'update_age'),
      ...generations.map((part) => tell(part, `generation ${part.operation} ${part.model}`)),
      ...handlers.map((part) => tell(part, `interaction ${part.handler}`)),
      ...overTime.map((bucket) => tell(bucket, `generation ${bucket.startsAt.slice(0, 10)}`)),
      counts({ generations: String(throughput.generationCount), updates: String(throughput.updateCount) }),
      ...throughputOverTime.map(({ startsAt, generationCount, updateCount }) =>
        counts({ [`generations of ${startsAt.slice(0, 10)}`]: String(generationCount), [`updates of ${startsAt.slice(0, 10)}`]: String(updateCount) })),
    );
};
