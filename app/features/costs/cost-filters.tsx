import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { COST_DIMENSIONS, type CostsInput } from '#server/contracts/costs.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { useCostWords } from './cost-words.ts';

/** What the costs are narrowed to, each with a link that lifts it; without any, how to narrow them. */
export function CostFilters({ input }: { input: CostsInput }) {
  const { t } = useTranslation();
  const nameOf = useCostWords();
  const { pathname, search } = useLocation();
  const set = COST_DIMENSIONS.flatMap((dimension) => (input[dimension] === undefined ? [] : [{ dimension, name: nameOf(dimension, input[dimension]) }]));
  if (set.length === 0) return <p className="stat-note">{t('costs.split.hint')}</p>;
  return (
    <nav aria-label={t('costs.split.filters')} className="filter-chips">
      <span>{t('costs.split.only')}</span>
      {set.map(({ dimension, name }) => {
        const chip = { dimension: t(`costs.split.dimensions.${dimension}`), name };
        return (
          <Link key={dimension} to={`${pathname}${changeQuery(search, { [dimension]: null })}`} aria-label={t('costs.split.lift', chip)} className="filter-chip" preventScrollReset>
            {`${chip.dimension}: ${name}`} <span aria-hidden="true">×</span>
          </Link>
        );
      })}
      <span>{t('costs.split.below')}</span>
    </nav>
  );
}
