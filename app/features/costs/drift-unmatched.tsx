import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Drift, UnmatchedAttempt } from '#server/contracts/drift.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { generationPath } from '../../lib/generations-path.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

type ColumnKey = 'startedAt' | 'operation' | 'model' | 'status' | 'source' | 'cost';

/** The attempts of this month whose cost the provider has not told; each leads to its story. */
export function DriftUnmatched({ drift: { unmatched, timeZone } }: { drift: Drift }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const column = (key: ColumnKey, render: Column<UnmatchedAttempt>['render'], isNumeric = false): Column<UnmatchedAttempt> => ({
    key,
    title: t(`drift.unmatched.columns.${key}`),
    isNumeric,
    render,
  });
  const columns = [
    column('startedAt', ({ requestId, startedAt }) => (
      <Link to={generationPath(requestId)}>
        <Instant at={startedAt} timeZone={timeZone} isPrecise />
      </Link>
    )),
    column('operation', ({ operation }) => words.operation(operation)),
    column('model', ({ model }) => model),
    column('status', ({ status }) => words.status(status)),
    column('source', ({ costSource }) => words.costSource(costSource)),
    column('cost', ({ costUsd }) => (costUsd === null ? <Unknown /> : <Money usd={costUsd} />), true),
  ];
  const { rows, totalCount } = unmatched;
  return (
    <Card size="small" className="drift-long" title={<h3>{t('drift.unmatched.title')}</h3>}>
      {rows.length === 0 ? (
        <p className="empty">{t('drift.unmatched.none')}</p>
      ) : (
        <DataTable caption={t('drift.unmatched.title')} columns={columns} rows={rows} rowKey={({ requestId }) => requestId} />
      )}
      {totalCount > rows.length && <p className="stat-note">{t('drift.unmatched.cut', { shown: format.count(rows.length), total: format.count(totalCount) })}</p>}
    </Card>
  );
}
