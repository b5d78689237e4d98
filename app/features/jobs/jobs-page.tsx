import { useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { JobsInput, JobsReport } from '#server/contracts/jobs.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { FilterNote } from '../../components/filter-note.tsx';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { NowCards, RunCards } from './job-cards.tsx';
import { jobFilterQuery } from './jobs-query.ts';
import { QueueJobsSection } from './queue-jobs-section.tsx';
import { QueuesSection } from './queues-section.tsx';
import { RunsOverTime } from './runs-over-time.tsx';
import { SchedulesSection } from './schedules-section.tsx';
import { useLiveJobs } from './use-live-jobs.ts';

/** What schedules and jobs did in a range, how they stand now, and what waits in the queues. */
export function JobsPage({ input, initial }: { input: JobsInput; initial: JobsReport }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const { report, state } = useLiveJobs(input, initial);
  const { range, generatedAt, chosen } = report;
  const freshness = { asOf: generatedAt, timeZone: range.timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('jobs.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={range} report={report} hasSteps />
      </div>
      <StaleNotice {...freshness} />
      {chosen !== null && (
        <FilterNote label={t('jobs.filters')} text={t('jobs.only', { what: t(`jobs.names.${chosen}`) })} all={t('jobs.all')} to={`${pathname}${jobFilterQuery(search, null)}`} />
      )}
      <NowCards report={report} />
      <RunCards report={report} />
      <RunsOverTime report={report} />
      <SchedulesSection report={report} />
      <QueueJobsSection report={report} />
      <QueuesSection report={report} />
      <nav aria-label={t('exports.label')} className="link-row">
        <ExportLink report="jobs" table="figures" what={t('jobs.title')} />
        <ExportLink report="jobs" what={t('jobs.title')} />
      </nav>
    </>
  );
}
