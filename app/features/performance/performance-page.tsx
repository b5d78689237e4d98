import { useTranslation } from 'react-i18next';
import type { PerformanceInput, PerformanceReport } from '#server/contracts/performance.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { LatencyCards } from './latency-cards.tsx';
import { LatencyOverTime } from './latency-over-time.tsx';
import { LatencyTables } from './latency-tables.tsx';
import { ThroughputSection } from './throughput-section.tsx';
import { useLivePerformance } from './use-live-performance.ts';

/** How fast models, bot and web site were in a range, and how much they had to do. */
export function PerformancePage({ input, initial }: { input: PerformanceInput; initial: PerformanceReport }) {
  const { t } = useTranslation();
  const { report, state } = useLivePerformance(input, initial);
  const freshness = { asOf: report.generatedAt, timeZone: report.range.timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('performance.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={report.range} report={report} hasSteps />
      </div>
      <StaleNotice {...freshness} />
      <LatencyCards report={report} />
      <LatencyOverTime report={report} />
      <ThroughputSection report={report} />
      <LatencyTables report={report} />
      <nav aria-label={t('exports.label')} className="link-row">
        <ExportLink report="performance" table="latency-over-time" what={t('performance.overTime.title')} />
        <ExportLink report="performance" what={t('performance.title')} />
      </nav>
    </>
  );
}
