import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Latency, LatencyFamily, LatencyKeyName, PerformanceReport } from '#server/contracts/performance.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { chosenQuery } from './performance-query.ts';
import { useLatencyColumns } from './use-latency-columns.tsx';
import { usePerformanceWords } from './use-performance-words.ts';

type ListedFamily = Exclude<LatencyFamily, 'update_age'>;

/** A line of a table; no names: all that are not listed. */
interface Entry extends Latency {
  readonly names: Partial<Record<LatencyKeyName, string>>;
}

/** What the models, the bot and the web site took, by what they were asked for. */
export function LatencyTables({ report }: { report: PerformanceReport }) {
  const words = usePerformanceWords();
  const byHandler = ({ handler, ...latency }: PerformanceReport['handlers'][number]): Entry => ({ ...latency, names: handler === null ? {} : { handler } });
  const generations = report.generations.map(({ operation, model, ...latency }): Entry => ({ ...latency, names: operation === null || model === null ? {} : { operation, model } }));
  return (
    <>
      <LatencyTable family="generation" report={report} entries={generations} nameOf={({ operation = '' }) => words.operation(operation)} />
      <div className="columns">
        <LatencyTable family="interaction" report={report} entries={report.handlers.map(byHandler)} nameOf={({ handler = '' }) => words.handler(handler)} />
        <LatencyTable family="http" report={report} entries={report.requests.map(byHandler)} nameOf={({ handler = '' }) => words.webHandler(handler)} />
      </div>
    </>
  );
}

interface LatencyTableProps {
  readonly family: ListedFamily;
  readonly report: PerformanceReport;
  readonly entries: readonly Entry[];
  readonly nameOf: (names: Entry['names']) => string;
}

function LatencyTable({ family, report: { chosen, latencies }, entries, nameOf }: LatencyTableProps) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const total = latencies[family].count;
  const isChosen = ({ operation, model, handler }: Entry['names']) =>
    family === chosen.family && (operation ?? null) === chosen.operation && (model ?? null) === chosen.model && (handler ?? null) === chosen.handler;
  const name: Column<Entry> = {
    key: 'name',
    title: t(`performance.columns.${family}`),
    render: ({ names, count }) => (
      <>
        {Object.keys(names).length === 0 ? (
          t('performance.tables.rest')
        ) : (
          <Link to={`${pathname}${chosenQuery(search, family, names)}#over-time`} aria-current={isChosen(names) ? 'true' : undefined}>
            {nameOf(names)}
          </Link>
        )}
        <ShareBar ratio={total === 0 ? 0 : count / total} />
      </>
    ),
  };
  const model: Column<Entry> = { key: 'model', title: t('performance.columns.model'), render: ({ names }) => names.model ?? '' };
  const columns = [name, ...(family === 'generation' ? [model] : []), ...useLatencyColumns<Entry>()];
  return (
    <Section title={t(`performance.tables.${family}`)} aside={family === 'generation' && t('performance.tables.aside')}>
      <Card size="small">
        {entries.length === 0 ? (
          <p className="empty">{t(`performance.latency.none.${family}`)}</p>
        ) : (
          <DataTable caption={t(`performance.tables.${family}`)} columns={columns} rows={entries} rowKey={({ names }) => JSON.stringify(names)} />
        )}
      </Card>
    </Section>
  );
}
