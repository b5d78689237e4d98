import { useTranslation } from 'react-i18next';
import type { WindowRow } from '#server/contracts/health-history.ts';
import { useFormat } from '../../lib/use-format.ts';

/** From when to when, as clocks in the reporting time zone show it. */
export function WindowSpan({ window: { startsAt, endsAt }, timeZone }: { window: WindowRow; timeZone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <span suppressHydrationWarning>{t('range.span', { from: format.instant(startsAt, timeZone), to: format.instant(endsAt, timeZone) })}</span>;
}
