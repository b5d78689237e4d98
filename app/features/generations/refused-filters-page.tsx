import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { FilterIssue } from './filter-query.ts';

/** Says what is wrong with the filters in the URL, what is allowed, and leads back to the whole list. */
export function RefusedFiltersPage({ issues }: { issues: readonly FilterIssue[] }) {
  const { t } = useTranslation();
  return (
    <section className="notice-page" aria-labelledby="refused-filters-title">
      <h1 id="refused-filters-title">{t('generations.refused.title')}</h1>
      <ul>
        {issues.map(({ parameter, reason }) => (
          <li key={parameter}>{t('range.refusedParameter', { parameter, reason: t(`generations.refused.reasons.${reason}`) })}</li>
        ))}
      </ul>
      <p>
        <Link to="/monitoring/generations">{t('generations.refused.clear')}</Link>
      </p>
    </section>
  );
}
