import { Link, useLocation } from '@remix-run/react';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { LiveState } from '../lib/live.ts';
import { useFormat } from '../lib/use-format.ts';
import { useHydrated } from '../lib/use-hydrated.ts';

export interface FreshnessProps {
  /** When the figures shown were read. */
  readonly asOf: string;
  readonly timeZone: string;
  /** Left out where the figures do not follow what happens. */
  readonly state?: LiveState;
}

/** Says how old the figures are and whether they follow what happens. */
export function Freshness({ asOf, timeZone, state }: FreshnessProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const isHydrated = useHydrated();
  return (
    <p className="freshness" role="group" aria-label={t('live.label')}>
      <time dateTime={asOf} suppressHydrationWarning>
        {t('live.asOf', { time: format.clock(asOf, timeZone), timeZone })}
      </time>
      {isHydrated && state === 'live' && <span className="freshness-live">{t('live.live')}</span>}
    </p>
  );
}

/** Tells, once refreshing fails, since when the figures stand still; nothing while they are live. */
export function StaleNotice({ asOf, timeZone, state }: FreshnessProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  if (state === undefined || state === 'live') return null;
  const time = format.clock(asOf, timeZone);
  if (state === 'stale') return <Alert type="warning" title={t('live.stale', { time })} role="alert" />;
  const next = new URLSearchParams({ next: `${pathname}${search}` }).toString();
  return <Alert type="warning" role="alert" title={t('live.sessionEnded', { time })} action={<Link to={`/login?${next}`}>{t('nav.logIn')}</Link>} />;
}
