import { useTranslation } from 'react-i18next';
import { ACTIVE_WINDOW_HOURS, type Users, type UsersInput } from '#server/contracts/users.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { CohortsSection } from './cohorts-section.tsx';
import { RangeCards, RetentionCards, WindowCards } from './user-cards.tsx';
import { SourcesSection } from './sources-section.tsx';
import { useLiveUsers } from './use-live-users.ts';
import { UsersOverTime } from './users-over-time.tsx';

/** Who used the bot in a range, where new users came from, and whether they stayed. */
export function UsersPage({ input, initial }: { input: UsersInput; initial: Users }) {
  const { t } = useTranslation();
  const { report, state } = useLiveUsers(input, initial);
  const freshness = { asOf: report.generatedAt, timeZone: report.range.timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('users.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={report.range} report={report} hasSteps windowHours={ACTIVE_WINDOW_HOURS.mau} />
      </div>
      <StaleNotice {...freshness} />
      <WindowCards report={report} />
      <RangeCards report={report} />
      <UsersOverTime report={report} />
      <RetentionCards report={report} />
      <CohortsSection report={report} />
      <SourcesSection report={report} />
      <nav aria-label={t('exports.label')} className="link-row">
        <ExportLink report="users" table="figures" what={t('users.title')} />
        <ExportLink report="users" what={t('users.title')} />
      </nav>
    </>
  );
}
