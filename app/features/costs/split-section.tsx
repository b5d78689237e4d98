import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { COST_DIMENSIONS, type Costs, type CostsInput } from '#server/contracts/costs.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { CostCards } from './cost-cards.tsx';
import { CostPartsTable } from './cost-parts-table.tsx';
import { useCostWords } from './cost-words.ts';
import { CostsOverTime } from './costs-over-time.tsx';

/** What the models cost, over time and by what it was spent on, of all attempts or of those that the URL asks for. */
export function SplitSection({ report, input }: { report: Costs; input: CostsInput }) {
  const { t } = useTranslation();
  const title = t('costs.split.title');
  return (
    <Section
      title={title}
      aside={
        <>
          {t(`range.perBucket.${report.range.bucket}`, { timeZone: report.range.timeZone })} <ExportLink report="costs" table="over-time" what={title} /> <ExportLink report="costs" what={title} />
        </>
      }
    >
      <Filters input={input} />
      <CostCards report={report} />
      <CostsOverTime report={report} />
      {COST_DIMENSIONS.map((dimension) => (
        <CostPartsTable key={dimension} report={report} dimension={dimension} />
      ))}
    </Section>
  );
}

/** What the section is narrowed to, each with a link that lifts it. */
function Filters({ input }: { input: CostsInput }) {
  const { t } = useTranslation();
  const nameOf = useCostWords();
  const { pathname, search } = useLocation();
  const set = COST_DIMENSIONS.flatMap((dimension) => (input[dimension] === undefined ? [] : [{ dimension, name: nameOf(dimension, input[dimension]) }]));
  if (set.length === 0) return <p className="stat-note">{t('costs.split.hint')}</p>;
  return (
    <p className="stat-note">
      {t('costs.split.only')}{' '}
      {set.map(({ dimension, name }) => (
        <Link key={dimension} to={`${pathname}${changeQuery(search, { [dimension]: null })}`} preventScrollReset className="export-link">
          {t('costs.split.lift', { dimension: t(`costs.split.dimensions.${dimension}`), name })}
        </Link>
      ))}{' '}
      {t('costs.split.below')}
    </p>
  );
}
