import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** How often and how slowly the bot answered in the range. */
export function ReliabilitySection({ overview: { interactions, generationP95Ms, compared } }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = (durationMs: number | null) => (durationMs === null ? null : format.duration(durationMs));
  const { totalCount, failedCount, errorRatio, p95Ms } = interactions;
  const failed = t('overview.reliability.errorNote', { count: totalCount, formatted: format.count(totalCount), failed: format.count(failedCount) });
  return (
    <Section title={t('overview.reliability.title')}>
      <div className="stats">
        <StatCard
          label={t('overview.reliability.errorRate')}
          value={errorRatio === null ? null : format.percent(errorRatio)}
          change={<FigureChange figure={errorRatio} earlier={compared?.interactions.errorRatio} format={format.percent} welcome="down" />}
          notes={[errorRatio === null ? t('overview.reliability.noInteractions') : failed]}
        />
        <StatCard
          label={t('overview.reliability.interactionP95')}
          value={duration(p95Ms)}
          change={<FigureChange figure={p95Ms} earlier={compared?.interactions.p95Ms} format={format.duration} welcome="down" />}
          notes={[p95Ms === null ? t('overview.reliability.noInteractions') : t('overview.reliability.p95Note')]}
        />
        <StatCard
          label={t('overview.reliability.generationP95')}
          value={duration(generationP95Ms)}
          change={<FigureChange figure={generationP95Ms} earlier={compared?.generationP95Ms} format={format.duration} welcome="down" />}
          notes={[generationP95Ms === null ? t('overview.reliability.noGenerations') : t('overview.reliability.p95Note')]}
        />
      </div>
    </Section>
  );
}
