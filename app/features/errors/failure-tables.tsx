import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorsReport } from '#server/contracts/errors.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { errorFilterQuery, type ErrorFilter } from './errors-query.ts';
import { useErrorWords } from './use-error-words.ts';

type Failure = ErrorsReport['failures'][number];
type Handler = ErrorsReport['handlers'][number];

/** Failures by feature and cause, and features with their error rates. A name narrows the page to it. */
export function FailureTables({ report }: { report: ErrorsReport }) {
  return (
    <div className="columns">
      <FailuresTable report={report} />
      <HandlersTable report={report} />
    </div>
  );
}

/** A name that narrows the page to what it stands for. */
function FilterLink({ filter, isChosen, children }: { filter: ErrorFilter; isChosen: boolean; children: ReactNode }) {
  const { pathname, search } = useLocation();
  return (
    <Link to={`${pathname}${errorFilterQuery(search, filter)}`} aria-current={isChosen ? 'true' : undefined} preventScrollReset>
      {children}
    </Link>
  );
}

function FailuresTable({ report: { failures, total, chosen } }: { report: ErrorsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useErrorWords();
  const title = t('failures.byKind.title');
  const columns: Column<Failure>[] = [
    {
      key: 'kind',
      title: t('failures.columns.errorType'),
      render: ({ handler, errorType, failedCount }) => (
        <>
          <FilterLink filter={{ handler, errorType }} isChosen={chosen.handler === handler && chosen.errorType === errorType}>
            {words.kind({ handler, errorType })}
          </FilterLink>
          <ShareBar ratio={total.failedCount === 0 ? 0 : failedCount / total.failedCount} />
        </>
      ),
    },
    { key: 'failed', title: t('failures.columns.failed'), isNumeric: true, render: ({ failedCount }) => format.count(failedCount) },
    { key: 'users', title: t('failures.columns.users'), isNumeric: true, render: ({ userCount }) => format.count(userCount) },
  ];
  return (
    <Section title={title} aside={<>{t('failures.byKind.aside')} <ExportLink report="errors" table="failures" what={title} /></>}>
      <Card size="small">
        {failures.length === 0 ? (
          <p className="empty">{t('failures.byKind.empty')}</p>
        ) : (
          <DataTable caption={title} columns={columns} rows={failures} rowKey={({ handler, errorType }) => `${handler}/${errorType}`} />
        )}
      </Card>
    </Section>
  );
}

function HandlersTable({ report: { handlers, chosen } }: { report: ErrorsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useErrorWords();
  const title = t('failures.byHandler.title');
  const count = (key: 'interactions' | 'failed' | 'limited' | 'users', pick: (row: Handler) => number): Column<Handler> => ({
    key,
    title: t(`failures.columns.${key}`),
    isNumeric: true,
    render: (row) => format.count(pick(row)),
  });
  const columns: Column<Handler>[] = [
    {
      key: 'handler',
      title: t('failures.columns.handler'),
      render: ({ handler }) => (
        <FilterLink filter={{ handler }} isChosen={chosen.handler === handler && chosen.errorType === null}>
          {words.handler(handler)}
        </FilterLink>
      ),
    },
    count('interactions', (row) => row.interactionCount),
    count('failed', (row) => row.failedCount),
    { key: 'ratio', title: t('failures.columns.ratio'), isNumeric: true, render: ({ errorRatio }) => (errorRatio === null ? <Unknown /> : format.percent(errorRatio)) },
    count('limited', (row) => row.limitedCount),
    count('users', (row) => row.userCount),
  ];
  return (
    <Section title={title} aside={<ExportLink report="errors" table="handlers" what={title} />}>
      <Card size="small">
        {handlers.length === 0 ? <p className="empty">{t('failures.byHandler.empty')}</p> : <DataTable caption={title} columns={columns} rows={handlers} rowKey={({ handler }) => handler} />}
      </Card>
    </Section>
  );
}
