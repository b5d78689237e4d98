import { useTranslation } from 'react-i18next';
import { TOP_USERS_DEFAULT, type Economics, type EconomicsInput } from '#server/contracts/economics.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { BalanceOverTime } from './balance-over-time.tsx';
import { OperationSection } from './operation-section.tsx';
import { PlanSection } from './plan-section.tsx';
import { SourceSection } from './source-section.tsx';
import { TopUsersSection } from './top-users-section.tsx';
import { TotalCards } from './total-cards.tsx';
import { UserCards } from './user-cards.tsx';
import { useLiveEconomics } from './use-live-economics.ts';

/** What came in against what the models took, in all, over time, and by whom and for what. */
export function EconomicsPage({ input, initial }: { input: EconomicsInput; initial: Economics }) {
  const { t } = useTranslation();
  const { report, state } = useLiveEconomics(input, initial);
  const freshness = { asOf: report.generatedAt, timeZone: report.range.timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('economics.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={report.range} report={report} hasSteps />
      </div>
      <StaleNotice {...freshness} />
      <TotalCards report={report} />
      <UserCards report={report} />
      <BalanceOverTime report={report} />
      <PlanSection report={report} />
      <OperationSection report={report} />
      <SourceSection report={report} />
      <TopUsersSection report={report} top={input.top ?? TOP_USERS_DEFAULT} />
      <nav aria-label={t('exports.label')} className="link-row">
        <ExportLink report="economics" table="figures" what={t('economics.title')} />
        <ExportLink report="economics" what={t('economics.title')} />
      </nav>
    </>
  );
}
