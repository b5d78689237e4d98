import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { BUCKETS, COMPARISONS, RANGE_DAYS_MAX, RANGE_PRESETS } from '#server/contracts/time-range.ts';
import { changeQuery } from '../lib/change-query.ts';
import type { RangeIssue } from '../lib/range-query.ts';
import { RangeSwitch } from './range-switch.tsx';

/** A range may be right where its step or its comparison is not. */
const isBesideRange = ({ parameter }: RangeIssue) => parameter === 'bucket' || parameter === 'compare';

/** Says what is wrong with the range in the URL, what is allowed, and leads to the presets. */
export function RefusedRangePage({ issues }: { issues: readonly RangeIssue[] }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const without = changeQuery(search, Object.fromEntries(issues.map(({ parameter }) => [parameter, null])));
  const choices = { presets: RANGE_PRESETS.join(', '), buckets: BUCKETS.join(', '), comparisons: COMPARISONS.join(', '), days: RANGE_DAYS_MAX };
  return (
    <section className="notice-page" aria-labelledby="refused-range-title">
      <h1 id="refused-range-title">{t('range.refusedTitle')}</h1>
      <ul>
        {issues.map(({ parameter, reason, allowed = [] }) => (
          <li key={parameter}>{t('range.refusedParameter', { parameter, reason: t(`range.reasons.${reason}`, { ...choices, allowed: allowed.join(', ') }) })}</li>
        ))}
      </ul>
      <p>{t('range.allowed', { days: RANGE_DAYS_MAX })}</p>
      {issues.every(isBesideRange) && (
        <p>
          <Link to={`${pathname}${without}`}>{t('range.withoutRefused')}</Link>
        </p>
      )}
      <RangeSwitch range={null} />
    </section>
  );
}
