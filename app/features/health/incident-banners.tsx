import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { IncidentPage, IncidentRow } from '#server/contracts/health-history.ts';
import { Banner, Banners } from '../../components/banners.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useHealthWords } from './use-health-words.ts';

/** A notice for each outage that lasts and that nobody has acknowledged. Nothing where all is well. */
export function IncidentBanners({ open: { rows, timeZone } }: { open: Pick<IncidentPage, 'rows' | 'timeZone'> }) {
  const { t } = useTranslation();
  const unseen = rows.filter(({ recoveredAt, acknowledgedAt }) => recoveredAt === null && acknowledgedAt === null);
  if (unseen.length === 0) return null;
  return (
    <Banners label={t('healthPage.banner.label')}>
      {unseen.map((incident) => (
        <BannerOfIncident key={incident.incidentId} incident={incident} timeZone={timeZone} />
      ))}
    </Banners>
  );
}

function BannerOfIncident({ incident, timeZone }: { incident: IncidentRow; timeZone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  const isPlanned = incident.maintenanceWindowId !== null;
  const facts = { check: words.check(incident.check), time: format.dayTime(incident.startedAt, timeZone), message: words.message(incident) };
  return (
    <Banner type={isPlanned ? 'warning' : 'error'}>
      {t('healthPage.banner.text', facts)} {isPlanned ? t('healthPage.banner.maintenance') : t('healthPage.banner.act')}{' '}
      <Link to={`/monitoring/health#incident-${incident.incidentId}`}>{t('healthPage.banner.see')}</Link>
    </Banner>
  );
}
