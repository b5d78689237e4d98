import { useTranslation } from 'react-i18next';
import { RANGE_DAYS_MAX, RANGE_PRESETS } from '#server/contracts/time-range.ts';
import type { RangeIssue } from '../lib/range-query.ts';
import { RangeSwitch } from './range-switch.tsx';

/** Says what is wrong with the range in the URL, what is allowed, and leads to the presets. */
export function RefusedRangePage({ issues }: { issues: readonly RangeIssue[] }) {
  const { t } = useTranslation();
  return (
    <section className="notice-page" aria-labelledby="refused-range-title">
      <h1 id="refused-range-title">{t('range.refusedTitle')}</h1>
      <ul>
        {issues.map(({ parameter, reason }) => (
          <li key={parameter}>
            {t('range.refusedParameter', {
              parameter,
              reason: t(`range.reasons.${reason}`, { presets: RANGE_PRESETS.join(', '), days: RANGE_DAYS_MAX }),
            })}
          </li>
        ))}
      </ul>
      <p>{t('range.allowed', { days: RANGE_DAYS_MAX })}</p>
      <RangeSwitch range={null} />
    </section>
  );
}
