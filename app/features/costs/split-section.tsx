import { useTranslation } from 'react-i18next';
import { COST_DIMENSIONS, type Costs, type CostsInput } from '#server/contracts/costs.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { CostCards } from './cost-cards.tsx';
import { CostFilters } from './cost-filters.tsx';
import { CostPartsTable } from './cost-parts-table.tsx';
import { CostsOverTime } from './costs-over-time.tsx';

/** What the models cost, over time and by what it was spent on, of all attempts or of those that the URL asks for. */
export function SplitSection({ report, input }: { report: Costs; input: CostsInput }) {
  const { t } = useTranslation();
  const title = t('costs.split.title');
  return (
    <>
      <Section title={title} aside={<><ExportLink report="costs" table="figures" what={title} /> <ExportLink report="costs" what={title} /></>}>
        <CostFilters input={input} />
        <CostCards report={report} />
      </Section>
      <CostsOverTime report={report} />
      {report.total.attemptCount > 0 && (
        <Section title={t('costs.split.parts')} aside={t('costs.split.partsAside')}>
          {COST_DIMENSIONS.map((dimension) => (
            <CostPartsTable key={dimension} report={report} dimension={dimension} />
          ))}
        </Section>
      )}
    </>
  );
}
