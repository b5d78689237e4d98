import { useTranslation } from 'react-i18next';
import type { IncidentRow } from '#server/contracts/health-history.ts';
import { Badge } from '../../components/badge.tsx';
import { Instant } from '../../components/instant.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { AcknowledgeForm } from './acknowledge-form.tsx';
import type { HealthAnswer } from './health-answer.ts';
import { useHealthWords } from './use-health-words.ts';
import { WithTime } from './with-time.tsx';

export interface IncidentProps {
  readonly incident: IncidentRow;
  readonly timeZone: string;
  readonly canChange: boolean;
  readonly answer: HealthAnswer | undefined;
}

/** One outage: when, what it said, and who knows of it. */
export function Incident({ incident, timeZone, canChange, answer }: IncidentProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  const { incidentId, recoveredAt, durationMs, acknowledgedAt, maintenanceWindowId } = incident;
  const span = format.span(durationMs);
  return (
    <li className="health-item" id={`incident-${incidentId}`}>
      <p className="health-item-head">
        <Badge tone={recoveredAt === null ? 'bad' : 'plain'}>{t(recoveredAt === null ? 'healthPage.incidents.open' : 'healthPage.incidents.over')}</Badge>
        <strong>{words.check(incident.check)}</strong>
        <span>
          <WithTime text={(time) => t('healthPage.incidents.began', { time })} time={<Instant at={incident.startedAt} timeZone={timeZone} isPrecise />} />,{' '}
          {recoveredAt === null ? t('healthPage.incidents.lastsFor', { span }) : t('healthPage.incidents.lasted', { span })}
        </span>
        {maintenanceWindowId !== null && <Badge tone="warning">{t('healthPage.incidents.inMaintenance')}</Badge>}
      </p>
      <p>
        {t('healthPage.incidents.said', { message: words.message(incident) })}{' '}
        <span className="muted">
          {acknowledgedAt === null ? t('healthPage.incidents.notAcknowledged') : <Acknowledged by={incident.acknowledgedBy} at={acknowledgedAt} timeZone={timeZone} />}
        </span>
      </p>
      {incident.note !== null && <blockquote className="health-note">{incident.note}</blockquote>}
      {acknowledgedAt === null && canChange && <AcknowledgeForm incident={incident} timeZone={timeZone} refused={answer?.kind === 'note' && answer.incidentId === incidentId ? answer : null} />}
    </li>
  );
}

function Acknowledged({ by, at, timeZone }: { by: string | null; at: string; timeZone: string }) {
  const { t } = useTranslation();
  const told = (time: string) => (by === null ? t('healthPage.incidents.acknowledged', { time }) : t('healthPage.incidents.acknowledgedBy', { email: by, time }));
  return <WithTime text={told} time={<Instant at={at} timeZone={timeZone} />} />;
}
