import { Link, useLocation } from '@remix-run/react';
import { Alert, Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { IncidentPage } from '#server/contracts/health-history.ts';
import { Section } from '../../components/section.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { findDone, type HealthAnswer } from './health-answer.ts';
import { Incident } from './incident.tsx';

export interface IncidentsSectionProps {
  readonly page: IncidentPage;
  readonly canChange: boolean;
  readonly answer: HealthAnswer | undefined;
}

/** The outages of the range, with what is known of them. */
export function IncidentsSection({ page: { rows, nextCursor, timeZone }, canChange, answer }: IncidentsSectionProps) {
  const { t } = useTranslation();
  const { search } = useLocation();
  const isFirst = !new URLSearchParams(search).has('cursor');
  const done = findDone(search, 'incidents');
  const isRefused = answer?.kind === 'conflict' && answer.conflict === 'acknowledged';
  return (
    <Section title={t('healthPage.incidents.title')} aside={t('healthPage.incidents.aside')}>
      {isRefused && <Alert type="error" role="alert" title={t('healthPage.conflicts.acknowledged')} />}
      {!answer && done && <Alert type="success" role="status" title={t(`healthPage.done.${done}`)} />}
      <Card size="small" id="incidents">
        {rows.length === 0 ? (
          <p className="empty">{t(isFirst ? 'healthPage.incidents.empty' : 'healthPage.incidents.emptyPage')}</p>
        ) : (
          <ul className="health-list">
            {rows.map((incident) => (
              <Incident key={incident.incidentId} incident={incident} timeZone={timeZone} canChange={canChange} answer={answer} />
            ))}
          </ul>
        )}
      </Card>
      <Paging isFirst={isFirst} nextCursor={nextCursor} />
    </Section>
  );
}

function Paging({ isFirst, nextCursor }: { isFirst: boolean; nextCursor: string | null }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  if (isFirst && nextCursor === null) return null;
  const to = (cursor: string | null) => `${pathname}${changeQuery(search, { cursor, done: null })}#incidents`;
  return (
    <nav aria-label={t('healthPage.incidents.paging')} className="link-row">
      {!isFirst && <Link to={to(null)}>{t('healthPage.incidents.newest')}</Link>}
      {nextCursor !== null && (
        <Link to={to(nextCursor)} rel="next">
          {t('healthPage.incidents.older')}
        </Link>
      )}
    </nav>
  );
}
