import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import type { CostsData } from './costs-page.tsx';
import { CauseTable } from './cause-table.tsx';
import { SpendTable } from './spend-table.tsx';
import { WasteStats } from './waste-stats.tsx';

/** What was paid for texts that reached users and what in vain: in all, and by cause, operation and model. */
export function WasteSection({ costs: { waste } }: { costs: CostsData }) {
  const { t } = useTranslation();
  const isEmpty = waste.total.attemptCount === 0;
  return (
    <Section
      title={t('costs.waste.title')}
      aside={
        <>
          {t('costs.waste.aside')} <ExportLink report="waste" table="figures" what={t('costs.waste.title')} /> <ExportLink report="waste" what={t('costs.waste.title')} />
        </>
      }
    >
      <WasteStats waste={waste} />
      {isEmpty ? (
        <p className="empty">{t('costs.waste.empty')}</p>
      ) : (
        <>
          <Card size="small" title={<h3>{t('costs.waste.byCause')}</h3>} extra={<ExportLink report="waste" table="causes" what={t('costs.waste.byCause')} />}>
            <CauseTable waste={waste} />
          </Card>
          <Card size="small" title={<h3>{t('costs.waste.byOperation')}</h3>} extra={<ExportLink report="waste" table="operations" what={t('costs.waste.byOperation')} />}>
            <SpendTable kind="operation" waste={waste} parts={waste.byOperation.map(({ operation, ...spend }) => ({ ...spend, name: operation }))} />
          </Card>
          <Card size="small" title={<h3>{t('costs.waste.byModel')}</h3>} extra={<ExportLink report="waste" table="models" what={t('costs.waste.byModel')} />}>
            <SpendTable kind="model" waste={waste} parts={waste.byModel.map(({ model, ...spend }) => ({ ...spend, name: model }))} />
          </Card>
        </>
      )}
    </Section>
  );
}
