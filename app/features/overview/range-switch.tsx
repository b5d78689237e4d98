import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { RANGE_PRESETS } from '#server/contracts/time-range.ts';
import type { Overview } from '#server/contracts/overview.ts';
import { useFormat } from '../../lib/use-format.ts';

/** The presets as links, so that the range is in the URL; and the span that the figures cover. */
export function RangeSwitch({ range }: { range: Overview['range'] | null }) {
  const { t } = useTranslation();
  const format = useFormat();
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
          <Link key={preset} to={`/monitoring?range=${preset}`} aria-current={preset === range?.preset ? 'page' : undefined} preventScrollReset>
            {t(`range.presets.${preset}`)}
          </Link>
        ))}
      </span>
    </nav>
  );
}
