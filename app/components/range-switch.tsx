import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { RANGE_PRESETS, type ResolvedRange } from '#server/contracts/time-range.ts';
import { presetQuery } from '../lib/range-links.ts';
import { useFormat } from '../lib/use-format.ts';
import { RangeDays } from './range-days.tsx';
import { RangeComparison, RangeSteps } from './range-steps.tsx';

export interface RangeSwitchProps {
  /** Null: there is none yet, only presets are offered. */
  readonly range: ResolvedRange | null;
  /** Whether the page shows its figures step by step. */
  readonly hasSteps?: boolean;
  /** What the range is compared with, null for nothing; a page that compares nothing leaves it out. */
  readonly comparedRange?: ResolvedRange | null;
  /** Since when attempts and handled updates are on record, null where none are; a page of something else leaves it out. */
  readonly dataFrom?: string | null;
}

/** The presets as links to the same page, so that the range is in the URL; the span that the figures cover; and what else a page can be asked for. */
export function RangeSwitch({ range, hasSteps = false, comparedRange, dataFrom = null }: RangeSwitchProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  const spanOf = ({ from, to, timeZone }: ResolvedRange) => ({ from: format.instant(from, timeZone), to: format.instant(to, timeZone) });
  const isBeforeRecords = dataFrom !== null && [range, comparedRange].some((shown) => shown && Date.parse(shown.from) < Date.parse(dataFrom));
  return (
    <nav aria-label={t('range.label')} className="range-switch">
      {range && (
        <span className="range-span" suppressHydrationWarning>
          {range.preset === null && `${t('range.custom')}: `}
          {t('range.span', spanOf(range))}
        </span>
      )}
      {comparedRange && (
        <span className="range-span" suppressHydrationWarning>
          {t('range.comparedSpan', spanOf(comparedRange))}
        </span>
      )}
      {range && isBeforeRecords && (
        <span className="range-span" suppressHydrationWarning>
          {t('range.dataFrom', { from: format.instant(dataFrom, range.timeZone) })}
        </span>
      )}
      <span className="switch">
        {RANGE_PRESETS.map((preset) => (
          <Link key={preset} to={`${pathname}${presetQuery(search, preset)}`} aria-current={preset === range?.preset ? 'page' : undefined} preventScrollReset>
            {t(`range.presets.${preset}`)}
          </Link>
        ))}
      </span>
      {range && <RangeDays range={range} />}
      {range && hasSteps && <RangeSteps range={range} />}
      {range && comparedRange !== undefined && <RangeComparison />}
    </nav>
  );
}
