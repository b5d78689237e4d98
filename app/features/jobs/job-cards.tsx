import { useTranslation } from 'react-i18next';
import type { JobsReport } from '#server/contracts/jobs.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** How schedules, jobs and queues stand now, whatever the range. */
export function NowCards({ report: { now } }: { report: JobsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const late = now.schedules.filter(({ state }) => state === 'late');
  const names = late.map(({ name }) => t(`jobs.names.${name}`)).join(', ');
  return (
    <Section title={t('jobs.cards.now')}>
      <div className="stats">
        {now.schedules.length > 0 && (
          <StatCard label={t('jobs.cards.late')} value={format.count(late.length)} notes={late.length === 0 ? [t('jobs.cards.lateNone')] : [names, t('jobs.cards.lateSome')]} />
        )}
        <StatCard label={t('jobs.cards.running')} value={format.count(now.runningCount)} notes={[t('jobs.cards.runningNote')]} />
        <StatCard label={t('jobs.cards.waiting')} value={format.count(now.queues.reduce((sum, { pending }) => sum + pending, 0))} notes={[t('jobs.cards.waitingNote')]} />
      </div>
    </Section>
  );
}

/** How runs went in the range, and how long they took. */
export function RunCards({ report: { total, compared } }: { report: JobsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earlier = compared?.total;
  const counted = { count: total.runCount, formatted: format.count(total.runCount), ok: format.count(total.okCount) };
  return (
    <Section title={t('jobs.cards.range')}>
      <div className="stats">
        <StatCard
          label={t('jobs.cards.runs')}
          value={format.count(total.runCount)}
          change={earlier && <FigureChange figure={total.runCount} earlier={earlier.runCount} format={format.count} />}
          notes={[total.runCount === 0 ? t('jobs.cards.none') : t('jobs.cards.runsNote', counted)]}
        />
        <StatCard
          label={t('jobs.cards.failed')}
          value={format.count(total.failedCount)}
          change={earlier && <FigureChange figure={total.failedCount} earlier={earlier.failedCount} format={format.count} welcome="down" />}
          notes={[total.failureRatio === null ? t('jobs.cards.none') : t('jobs.cards.failedNote', { ratio: format.percent(total.failureRatio) })]}
        />
        <StatCard
          label={t('jobs.cards.retried')}
          value={format.count(total.retriedCount)}
          change={earlier && <FigureChange figure={total.retriedCount} earlier={earlier.retriedCount} format={format.count} welcome="down" />}
          notes={[t('jobs.cards.retriedNote')]}
        />
        <StatCard
          label={t('jobs.cards.p95')}
          value={total.p95Ms === null ? null : format.duration(total.p95Ms)}
          change={earlier && <FigureChange figure={total.p95Ms} earlier={earlier.p95Ms} format={format.duration} welcome="down" />}
          notes={[total.p50Ms === null ? t('jobs.cards.none') : t('jobs.cards.p95Note', { p50: format.duration(total.p50Ms) })]}
        />
      </div>
    </Section>
  );
}
