import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { RUNS_LOOKED_AT, type JobsReport, type Runs, type ScheduleNow } from '#server/contracts/jobs.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useRunColumns } from './use-run-columns.tsx';
import { WorkLink } from './work-link.tsx';

/** What a schedule did in the range, and how it stands; null for the runs of older versions, which are none any more. */
interface Row {
  readonly name: JobsReport['runs'][number]['name'];
  readonly inRange: Runs;
  readonly now: ScheduleNow | null;
}

const TONES: Record<ScheduleNow['state'], BadgeTone> = { on_time: 'good', late: 'bad', never: 'warning', off: 'plain' };

/** Every schedule: whether it is on time, its last runs, and how those of the range went. */
export function SchedulesSection({ report }: { report: JobsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useColumns(report);
  const title = t('jobs.schedules.title');
  const rows = report.runs.flatMap(({ kind, name, ...inRange }): Row[] =>
    kind === 'schedule' ? [{ name, inRange, now: report.now.schedules.find((schedule) => schedule.name === name) ?? null }] : [],
  );
  if (rows.length === 0) return null;
  return (
    <Section title={title} aside={<>{t('jobs.schedules.aside', { timeZone: report.range.timeZone })} <ExportLink report="jobs" table="runs" what={title} /></>}>
      <Card size="small">
        <DataTable caption={title} columns={columns} rows={rows} rowKey={({ name }) => name} />
        <p className="stat-note">{t('jobs.schedules.looked', { runs: format.count(RUNS_LOOKED_AT) })}</p>
      </Card>
    </Section>
  );
}

function useColumns({ range: { timeZone }, chosen }: JobsReport): Column<Row>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const instant = (at: string | null | undefined) => (at == null ? <Unknown /> : <Instant at={at} timeZone={timeZone} isPrecise />);
  return [
    { key: 'name', title: t('jobs.columns.schedule'), render: ({ name }) => <WorkLink name={name} chosen={chosen} /> },
    { key: 'state', title: t('jobs.columns.state'), render: ({ now }) => (now === null ? <Unknown /> : <ScheduleState schedule={now} timeZone={timeZone} />) },
    { key: 'interval', title: t('jobs.columns.interval'), isNumeric: true, render: ({ now }) => (now === null ? <Unknown /> : format.span(now.intervalSeconds * 1_000)) },
    ...useRunColumns<Row>(['runs', 'failed', 'open']),
    {
      key: 'lastRun',
      title: t('jobs.columns.lastRun'),
      render: ({ now }) => (now?.lastRun == null ? <Unknown /> : <>{instant(now.lastRun.startedAt)} · {t(`jobs.outcomes.${now.lastRun.outcome}`)}</>),
    },
    { key: 'lastSuccess', title: t('jobs.columns.lastSuccess'), render: ({ now }) => instant(now?.lastSuccessAt) },
    { key: 'lastFailure', title: t('jobs.columns.lastFailure'), render: ({ now }) => instant(now?.lastFailureAt) },
    { key: 'nextDue', title: t('jobs.columns.nextDue'), render: ({ now }) => instant(now?.nextDueAt) },
  ];
}

function ScheduleState({ schedule: { state, lateSince }, timeZone }: { schedule: ScheduleNow; timeZone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Badge tone={TONES[state]}>{t(`jobs.states.${state}`)}</Badge>
      {lateSince !== null && ` ${t('jobs.stateNotes.late', { since: format.dayTime(lateSince, timeZone) })}`}
      {state === 'off' && ` ${t('jobs.stateNotes.off')}`}
    </>
  );
}
