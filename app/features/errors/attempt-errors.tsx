import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ErrorsReport } from '#server/contracts/errors.ts';
import { AI_ERROR_TYPES } from '#server/contracts/vocabulary.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { generationsPath } from '../../lib/generations-path.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

type Failure = ErrorsReport['attempts']['failures'][number];

/** The list of attempts takes known errors only. */
const isListed = (errorType: string) => AI_ERROR_TYPES.some((known) => known === errorType);

/** Why attempts at generations failed, by operation and model, with ways to those attempts. */
export function AttemptErrors({ report: { range, attempts } }: { report: ErrorsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const title = t('failures.attempts.title');
  const nameOf = ({ operation, model, errorType }: Failure) => {
    if (operation === null || model === null || errorType === null) return t('failures.attempts.rest');
    const text = words.errorType(errorType);
    return isListed(errorType) ? <Link to={generationsPath(range, { operation, model, errorType })}>{text}</Link> : text;
  };
  const columns: Column<Failure>[] = [
    {
      key: 'error',
      title: t('failures.columns.error'),
      render: (row) => (
        <>
          {nameOf(row)}
          <ShareBar ratio={attempts.failedCount === 0 ? 0 : row.failedCount / attempts.failedCount} />
        </>
      ),
    },
    { key: 'operation', title: t('failures.columns.operation'), render: ({ operation }) => operation && words.operation(operation) },
    { key: 'model', title: t('failures.columns.model'), render: ({ model }) => model },
    { key: 'failed', title: t('failures.columns.failed'), isNumeric: true, render: ({ failedCount }) => format.count(failedCount) },
  ];
  return (
    <Section title={title} aside={<>{t('failures.attempts.aside')} <ExportLink report="errors" table="attempts" what={title} /></>}>
      <Card size="small">
        {attempts.failures.length === 0 ? (
          <p className="empty">{t('failures.attempts.empty')}</p>
        ) : (
          <DataTable caption={title} columns={columns} rows={attempts.failures} rowKey={({ operation, model, errorType }) => JSON.stringify([operation, model, errorType])} />
        )}
      </Card>
    </Section>
  );
}
