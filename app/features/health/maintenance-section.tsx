import { Link, useLocation } from '@remix-run/react';
import { Alert, Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WindowPage, WindowState } from '#server/contracts/health-history.ts';
import { Section } from '../../components/section.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { findDone, type HealthAnswer } from './health-answer.ts';
import { MaintenanceWindow } from './maintenance-window.tsx';
import { PastWindows } from './past-windows.tsx';
import { PlanForm } from './plan-form.tsx';

export interface MaintenanceSectionProps {
  readonly page: WindowPage;
  /** The moment from which the form proposes a window; a refresh must not move what it says. */
  readonly plannedFrom: string;
  readonly canChange: boolean;
  readonly answer: HealthAnswer | undefined;
}

const OPEN_STATES: readonly WindowState[] = ['running', 'planned'];

/** Windows that run or are planned, those that are over, and the form for a new one. */
export function MaintenanceSection({ page, plannedFrom, canChange, answer }: MaintenanceSectionProps) {
  const { t } = useTranslation();
  const { search, key } = useLocation();
  const { rows, timeZone, nextBefore } = page;
  const open = OPEN_STATES.flatMap((state) => rows.filter((window) => window.state === state));
  const past = rows.filter(({ state }) => state === 'over');
  const done = findDone(search, 'maintenance');
  const conflict = answer?.kind === 'conflict' && answer.conflict !== 'acknowledged' ? answer.conflict : null;
  const refused = answer?.kind === 'plan' ? answer : null;
  return (
    <Section title={t('healthPage.maintenance.title')} aside={t('healthPage.maintenance.aside')}>
      {conflict && <Alert type="error" role="alert" title={t(`healthPage.conflicts.${conflict}`)} />}
      {!answer && done && <Alert type="success" role="status" title={t(`healthPage.done.${done}`)} />}
      <Card size="small" id="maintenance">
        {open.length === 0 ? (
          <p className="empty">{t('healthPage.maintenance.empty')}</p>
        ) : (
          <ul className="health-list">
            {open.map((window) => (
              <MaintenanceWindow key={window.windowId} window={window} timeZone={timeZone} canChange={canChange} />
            ))}
          </ul>
        )}
        {/* What was done or refused makes a new form. */}
        {canChange && <PlanForm key={key} plannedFrom={plannedFrom} timeZone={timeZone} refused={refused} />}
        {past.length > 0 && <PastWindows windows={past} timeZone={timeZone} />}
      </Card>
      <Paging nextBefore={nextBefore} />
    </Section>
  );
}

function Paging({ nextBefore }: { nextBefore: number | null }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const isFirst = !new URLSearchParams(search).has('before');
  if (isFirst && nextBefore === null) return null;
  const to = (before: string | null) => `${pathname}${changeQuery(search, { before, done: null })}#maintenance`;
  return (
    <nav aria-label={t('healthPage.maintenance.paging')} className="link-row">
      {!isFirst && <Link to={to(null)}>{t('healthPage.maintenance.newest')}</Link>}
      {nextBefore !== null && (
        <Link to={to(String(nextBefore))} rel="next">
          {t('healthPage.maintenance.older')}
        </Link>
      )}
    </nav>
  );
}
