import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import type { RangeInput } from '#server/contracts/time-range.ts';
import { ACTIVE_WINDOW_HOURS } from '#server/contracts/users.ts';
import { ExportAllLink, ExportLink } from '../../components/export-link.tsx';
import { RowExport } from '../../components/row-export.tsx';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { CostOverTime } from './cost-over-time.tsx';
import { CostSection } from './cost-section.tsx';
import { OperationsTable } from './operations-table.tsx';
import { ReliabilitySection } from './reliability-section.tsx';
import { useLiveOverview } from './use-live-overview.ts';
import { UsersSection } from './users-section.tsx';

export interface OverviewPageProps {
  readonly input: RangeInput;
  readonly initial: Overview;
  readonly healthPanel: ReactNode;
}

/** Users, cost and reliability of a range at a glance. */
export function OverviewPage({ input, initial, healthPanel }: OverviewPageProps) {
  const { t } = useTranslation();
  const { overview, state } = useLiveOverview(input, initial);
  const freshness = { asOf: overview.generatedAt, timeZone: overview.range.timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('overview.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={overview.range} report={overview} hasSteps windowHours={ACTIVE_WINDOW_HOURS.mau} />
      </div>
      <StaleNotice {...freshness} />
      <UsersSection overview={overview} />
      <CostSection overview={overview} />
      <CostOverTime overview={overview} />
      <OperationsTable overview={overview} />
      <div className="columns">
        <ReliabilitySection overview={overview} />
        {healthPanel}
      </div>
      <nav aria-label={t('exports.label')} className="link-row">
        <ExportLink report="overview" table="figures" what={t('overview.title')} />
        <ExportLink report="overview" what={t('overview.title')} />
        <ExportAllLink />
        <RowExport name="interactions" />
      </nav>
    </>
  );
}
