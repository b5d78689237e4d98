import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { RANGE_PRESETS, type ResolvedRange } from '#server/contracts/time-range.ts';
import { changeQuery } from '../lib/change-query.ts';
import { useFormat } from '../lib/use-format.ts';
import { RangeDays } from './range-days.tsx';

/** A place in a list belongs to the range in which it was, and so does what was done there. */
const LEFT_BEHIND = { from: null, to: null, cursor: null, done: null };

/** The presets as links to the same page, so that the range is in the URL; and the span that the figures cover. */
export function RangeSwitch({ range }: { range: ResolvedRange | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  return (
    <nav aria-label={t('range.label')} className="range-switch">
      {range && (
        <span className="range-span" suppressHydrationWarning>
          {range.preset === null && `${t('range.custom')}: `}
          {t('range.span', { from: format.instant(range.from, range.timeZone), to: format.instant(range.to, range.timeZone) })}
        </span>
      )}
      <span className="switch">
        {RANGE_PRESETS.map((preset) => (
          <Link
            key={preset}
            to={`${pathname}${changeQuery(search, { ...LEFT_BEHIND, range: preset })}`}
            aria-current={preset === range?.preset ? 'page' : undefined}
            preventScrollReset
          >
            {t(`range.presets.${preset}`)}
          </Link>
        ))}
      </span>
      {range && <RangeDays range={range} returnTo={`${pathname}${changeQuery(search, { ...LEFT_BEHIND, range: null })}`} />}
    </nav>
  );
}
