import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Drift } from '#server/contracts/drift.ts';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import type { CostsData } from './costs-page.tsx';
import { DriftActivity } from './drift-activity.tsx';
import { DriftComparisonTable, DriftHistory } from './drift-comparison.tsx';
import { DriftMeasureForm } from './drift-measure-form.tsx';
import { DriftUnmatched } from './drift-unmatched.tsx';

/** How far the ledger and the provider's own totals are apart, and what may explain it. */
export function DriftSection({ costs: { drift, canMeasure } }: { costs: CostsData }) {
  const { t } = useTranslation();
  const { activity, timeZone } = drift;
  return (
    <Section title={t('drift.title')} aside={t('drift.aside')}>
      <Card size="small" id="drift" className="drift-card">
        <DriftFigures drift={drift} />
        {canMeasure && drift.isConfigured && <DriftMeasureForm />}
        <p className="stat-note">{t('drift.explanation')}</p>
        <p className="stat-note">{t('drift.unsettled')}</p>
        {drift.history.length > 0 && <DriftHistory history={drift.history} timeZone={timeZone} />}
      </Card>
      <DriftUnmatched drift={drift} />
      {activity && <DriftActivity activity={activity} timeZone={timeZone} />}
    </Section>
  );
}

function DriftFigures({ drift: { latest, isConfigured, timeZone } }: { drift: Drift }) {
  const { t } = useTranslation();
  if (!latest) return <p className="empty">{t(isConfigured ? 'drift.never' : 'drift.notConfigured')}</p>;
  return (
    <>
      {!isConfigured && <p className="stat-note">{t('drift.notConfigured')}</p>}
      <DriftComparisonTable check={latest} />
      <p className="stat-note">
        {t('drift.measuredAt')}: <Instant at={latest.checkedAt} timeZone={timeZone} isPrecise />
      </p>
    </>
  );
}
