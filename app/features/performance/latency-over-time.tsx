import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { LATENCY_FAMILIES, type PerformanceReport } from '#server/contracts/performance.ts';
import { LineChart } from '../../charts/line-chart.tsx';
import type { LinePoint } from '../../charts/line.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { nameBucket } from '../../lib/bucket-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { chosenQuery } from './performance-query.ts';
import { useLatencyColumns } from './use-latency-columns.tsx';
import { usePerformanceWords } from './use-performance-words.ts';
import { useStartColumn } from './use-start-column.tsx';

type Bucket = PerformanceReport['overTime'][number];

const LINES = [
  { key: 'p50Ms', name: 'p50' },
  { key: 'p95Ms', name: 'p95' },
  { key: 'p99Ms', name: 'p99' },
] as const;

/** How long one family, or a part of it, took in every bucket of the range: as lines and as a table. */
export function LatencyOverTime({ report: { range, chosen, overTime } }: { report: PerformanceReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const part = usePerformanceWords().part(chosen);
  const columns = [useStartColumn<Bucket>(range), ...useLatencyColumns<Bucket>()];
  const points = useMemo<LinePoint[]>(
    () =>
      overTime.map((bucket) => ({
        key: bucket.startsAt,
        name: nameBucket(bucket.startsAt, range, format),
        values: LINES.map(({ key }) => bucket[key]),
        texts: LINES.map(({ key }) => (bucket[key] === null ? '—' : format.duration(bucket[key]))),
        partNote: bucket.isUnfinished ? t('performance.overTime.running') : null,
      })),
    [overTime, range, format, t],
  );
  const family = t(`performance.families.${chosen.family}`);
  const label = t('performance.overTime.label', {
    from: format.instant(range.from, range.timeZone),
    to: format.instant(range.to, range.timeZone),
    what: part === null ? family : `${family}, ${part}`,
  });
  return (
    <Section title={t('performance.overTime.title')} aside={t(`range.perBucket.${range.bucket}`, { timeZone: range.timeZone })}>
      <FamilySwitch chosen={chosen} part={part} />
      <Card size="small">
        <LineChart lines={LINES} points={points} label={label} emptyText={t('performance.overTime.empty')} formatTick={format.duration} />
        <details className="chart-table">
          <summary>{t('performance.overTime.table')}</summary>
          <DataTable caption={`${t('performance.overTime.title')}: ${family}`} columns={columns} rows={overTime} rowKey={({ startsAt }) => startsAt} />
        </details>
      </Card>
    </Section>
  );
}

/** Links, so that what is shown is in the URL. */
function FamilySwitch({ chosen, part }: { chosen: PerformanceReport['chosen']; part: string | null }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const isWhole = (family: string) => family === chosen.family && part === null;
  return (
    <nav aria-label={t('performance.overTime.choose')} className="family-switch" id="over-time">
      <span className="switch">
        {LATENCY_FAMILIES.map((family) => (
          <Link key={family} to={`${pathname}${chosenQuery(search, family)}`} aria-current={isWhole(family) ? 'page' : undefined} preventScrollReset>
            {t(`performance.families.${family}`)}
          </Link>
        ))}
      </span>
      {part !== null && (
        <span className="family-part">
          {t('performance.overTime.only', { what: part })}{' '}
          <Link to={`${pathname}${chosenQuery(search, chosen.family)}`} preventScrollReset>
            {t('performance.overTime.all')}
          </Link>
        </span>
      )}
    </nav>
  );
}
