import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { ReportHead } from '#server/contracts/report-head.ts';
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
  /** What a report says of its records and of what it is compared with; a page that compares nothing leaves it out. */
  readonly report?: Pick<ReportHead, 'generatedAt' | 'comparedRange' | 'coverage'> & { readonly compared: object | null };
  /** The longest window in which the page counts users; it ends with the range that is compared with, or now. */
  readonly windowHours?: number;
}

const HOUR_MS = 3_600_000;

/** The presets as links to the same page, so that the range is in the URL; the span that the figures cover; and what else a page can be asked for. */
export function RangeSwitch({ range, hasSteps = false, report, windowHours = 0 }: RangeSwitchProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  const spanOf = ({ from, to, timeZone }: ResolvedRange) => ({ from: format.instant(from, timeZone), to: format.instant(to, timeZone) });
  const comparedRange = report?.comparedRange ?? null;
  const isByWeekday = new URLSearchParams(search).get('compare') === 'previous' && (range?.bucket === 'day' || range?.bucket === 'week');
  const isToCome = range !== null && report !== undefined && Date.parse(range.from) >= Date.parse(report.generatedAt);
  const unknownText = isToCome ? 'comparedToCome' : 'comparedUnknown';
  const knownText = isByWeekday ? 'comparedWeekdays' : 'comparedSpan';
  const dataFrom = report?.coverage.dataFrom ?? null;
  const windowStart = (end: string) => Date.parse(end) - windowHours * HOUR_MS;
  const beginnings = [range, comparedRange].flatMap((shown) => (shown ? [Date.parse(shown.from)] : []));
  if (report) beginnings.push(Math.min(...[report.generatedAt, comparedRange?.to ?? report.generatedAt].map(windowStart)));
  const isBeforeRecords = dataFrom !== null && Math.min(...beginnings) < Date.parse(dataFrom);
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
          {t(`range.${report?.compared ? knownText : unknownText}`, spanOf(comparedRange))}
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
      {range && report && <RangeComparison />}
    </nav>
  );
}
