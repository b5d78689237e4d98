import { Link } from '@remix-run/react';
import { useQuery } from '@tanstack/react-query';
import { Card, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { HealthCheckReport, HealthReport } from '#server/contracts/health.ts';
import { Section } from '../../components/section.tsx';
import { LIVE_QUERY_OPTIONS } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useFormat } from '../../lib/use-format.ts';
import type { Since } from './health-data.ts';

const TAG_COLORS = { healthy: 'success', unhealthy: 'error', disabled: 'default', unknown: 'warning' } as const;

export interface HealthPanelProps {
  readonly initial: HealthReport;
  /** Since when each check is as it is. Left out where the panel is a glance that leads to the page. */
  readonly since?: { readonly byCheck: ReadonlyMap<string, Since>; readonly timeZone: string };
}

/** The state of each check in words, with what it said, how fast, and how long ago. */
export function HealthPanel({ initial, since }: HealthPanelProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { data: report, isError } = useQuery({ ...trpc.health.get.queryOptions(), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return (
    <Section title={t(since ? 'healthPage.now.title' : 'health.title')} aside={since ? t('healthPage.now.aside') : <Link to="/monitoring/health">{t('healthPage.toPage')}</Link>}>
      <Card size="small">
        <ul className="checks">
          {report.checks.map((check) => (
            <HealthCheck key={check.check} check={check} isCurrent={!isError} since={isError ? undefined : since} />
          ))}
        </ul>
      </Card>
    </Section>
  );
}

/** Without a connection the last known state of a check says nothing about now, so it is shown as unknown. */
function HealthCheck({ check, isCurrent, since }: { check: HealthCheckReport; isCurrent: boolean; since: HealthPanelProps['since'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = (isCurrent ? check.state : null) ?? 'unknown';
  const known = since?.byCheck.get(check.check);
  const facts = [
    // An incident is over a while after the check is up again, and begins a while after it failed: only what fits is told.
    since && known && known.isDown === (state === 'unhealthy') && state !== 'disabled' && state !== 'unknown'
      ? t(known.isDown ? 'healthPage.now.downSince' : 'healthPage.now.upSince', { time: format.instant(known.at, since.timeZone) })
      : null,
    // What failed has waited, not been answered.
    check.latencyMs === null || state !== 'healthy' ? null : t('health.latency', { duration: format.duration(check.latencyMs) }),
    check.ageSeconds === null ? null : t('health.age', { count: Math.round(check.ageSeconds) }),
  ].filter((fact) => fact !== null);
  return (
    <li className="check">
      <span className="check-name">{t(`health.checks.${check.check}`)}</span>
      <Tag color={TAG_COLORS[state]} variant="outlined">
        {t(`health.states.${state}`)}
      </Tag>
      <span className="check-facts">
        {isCurrent && t(`health.messages.${check.code}`, { detail: check.detail ?? '' })}
        {isCurrent && facts.length > 0 && ` · ${facts.join(' · ')}`}
      </span>
    </li>
  );
}
