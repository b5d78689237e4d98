import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { COST_DIMENSIONS, DEFAULT_COST_DIMENSION, type CostDimension } from '#server/contracts/costs.ts';
import { changeQuery } from '../../lib/change-query.ts';

/** What the cost over time is split by, as links, so that it is in the URL. */
export function DimensionSwitch({ by }: { by: CostDimension }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  return (
    <nav aria-label={t('costs.split.by')} className="family-switch">
      <span>{t('costs.split.by')}</span>
      <span className="switch">
        {COST_DIMENSIONS.map((dimension) => (
          <Link
            key={dimension}
            to={`${pathname}${changeQuery(search, { by: dimension === DEFAULT_COST_DIMENSION ? null : dimension })}`}
            aria-current={dimension === by ? 'page' : undefined}
            preventScrollReset
          >
            {t(`costs.split.dimensions.${dimension}`)}
          </Link>
        ))}
      </span>
    </nav>
  );
}
