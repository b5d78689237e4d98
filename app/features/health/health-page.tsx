import { useTranslation } from 'react-i18next';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { BooksSection } from './books-section.tsx';
import type { HealthAnswer } from './health-answer.ts';
import { sinceByCheck, type HealthData, type HealthQuery } from './health-data.ts';
import { HealthPanel } from './health-panel.tsx';
import { IncidentsSection } from './incidents-section.tsx';
import { MaintenanceSection } from './maintenance-section.tsx';
import { UptimeSection } from './uptime-section.tsx';
import { useLiveHealth } from './use-live-health.ts';

export interface HealthPageProps {
  readonly query: HealthQuery;
  readonly loaded: HealthData;
  /** Viewers see no forms. */
  readonly canChange: boolean;
  /** Why the last form was refused. */
  readonly answer: HealthAnswer | undefined;
}

/** How the system does and did, what went wrong, what is planned, and whether the books agree. */
export function HealthPage({ query, loaded, canChange, answer }: HealthPageProps) {
  const { t } = useTranslation();
  const { data, state } = useLiveHealth(query, loaded);
  const { history, incidents, latest, windows, parity } = data;
  const { timeZone } = history;
  const freshness = { asOf: history.generatedAt, timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('healthPage.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={{ ...history.range, timeZone, bucket: 'day' }} />
      </div>
      <StaleNotice {...freshness} />
      <HealthPanel initial={data.report} since={{ byCheck: sinceByCheck(latest), timeZone }} />
      <UptimeSection history={history} />
      <IncidentsSection page={incidents} canChange={canChange} answer={answer} />
      <MaintenanceSection page={windows} plannedFrom={loaded.windows.generatedAt} canChange={canChange} answer={answer} />
      <BooksSection parity={parity} timeZone={timeZone} />
    </>
  );
}
