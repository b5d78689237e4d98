import { useQuery } from '@tanstack/react-query';
import { Card, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { HealthCheckReport, HealthReport } from '#server/contracts/health.ts';
import { Section } from '../../components/section.tsx';
import { LIVE_QUERY_OPTIONS } from '../../lib/live.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useFormat } from '../../lib/use-format.ts';

const TAG_COLORS = { healthy: 'success', unhealthy: 'error', disabled: 'default', unknown: 'warning' } as const;

/** The state of each check in words, with what it said, how fast, and how long ago. */
export function HealthPanel({ initial }: { initial: HealthReport }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { data: report, isError } = useQuery({ ...trpc.health.get.queryOptions(), ...LIVE_QUERY_OPTIONS, initialData: initial });
  return (
    <Section title={t('health.title')}>
      <Card size="small">
        <ul className="checks">
          {report.checks.map((check) => (
            <HealthCheck key={check.check} check={check} isCurrent={!isError} />
          ))}
        </ul>
      </Card>
    </Section>
  );
}

/** Without a connection the last known state of a check says nothing about now, so it is shown as unknown. */
function HealthCheck({ check, isCurrent }: { check: HealthCheckReport; isCurrent: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = (isCurrent ? check.state : null) ?? 'unknown';
  const facts = [
    check.latencyMs === null ? null : t('health.latency', { duration: format.duration(check.latencyMs) }),
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
