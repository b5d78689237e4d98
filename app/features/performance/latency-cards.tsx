import { useTranslation } from 'react-i18next';
import { LATENCY_FAMILIES, type Latency, type LatencyFamily, type PerformanceReport } from '#server/contracts/performance.ts';
import { ChangeNote } from '../../components/change-note.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** How long models, bot, users' waiting and web site took in the range. */
export function LatencyCards({ report: { latencies, compared } }: { report: PerformanceReport }) {
  const { t } = useTranslation();
  return (
    <Section title={t('performance.latency.title')} aside={t('performance.latency.aside')}>
      <div className="stats">
        {LATENCY_FAMILIES.map((family) => (
          <LatencyCard key={family} family={family} latency={latencies[family]} earlier={compared && compared.latencies[family]} />
        ))}
      </div>
    </Section>
  );
}

interface LatencyCardProps {
  readonly family: LatencyFamily;
  readonly latency: Latency;
  /** Null: nothing is compared. */
  readonly earlier: Pick<Latency, 'p95Ms'> | null;
}

function LatencyCard({ family, latency: { count, p50Ms, p95Ms, p99Ms }, earlier }: LatencyCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = (ms: number | null) => (ms === null ? null : format.duration(ms));
  const change = earlier && <ChangeNote figure={p95Ms} earlier={earlier.p95Ms} earlierText={duration(earlier.p95Ms)} welcome="down" />;
  const notes =
    p50Ms === null || p99Ms === null
      ? [t(`performance.latency.none.${family}`)]
      : [`p50 ${format.duration(p50Ms)} · p99 ${format.duration(p99Ms)}`, t(`performance.counts.${family}`, { count, formatted: format.count(count) })];
  return (
    <StatCard label={`${t(`performance.families.${family}`)}, p95`} value={duration(p95Ms)} change={change} notes={[...notes, t(`performance.latency.notes.${family}`)]} />
  );
}
