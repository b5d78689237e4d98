import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GenerationPage } from '#server/contracts/generations.ts';
import { DataTable } from '../../components/data-table.tsx';
import { RowExport } from '../../components/row-export.tsx';
import { Freshness } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { FilterForm } from './filter-form.tsx';
import { useGenerationColumns } from './use-generation-columns.tsx';

/** The attempts of a range, one page of them, with what they can be narrowed by. */
export function GenerationsPage({ page }: { page: GenerationPage }) {
  const { t } = useTranslation();
  const columns = useGenerationColumns(page.range.timeZone);
  return (
    <>
      <div className="page-head">
        <h1>{t('generations.title')}</h1>
        <Freshness asOf={page.generatedAt} timeZone={page.range.timeZone} />
        <RangeSwitch range={page.range} />
      </div>
      <p className="page-intro">{t('generations.intro')}</p>
      <FilterForm />
      <Card size="small">
        {page.rows.length === 0 ? (
          <p className="empty">{t('generations.empty')}</p>
        ) : (
          <DataTable caption={t('generations.table')} columns={columns} rows={page.rows} rowKey={({ requestId }) => requestId} />
        )}
      </Card>
      <Paging nextCursor={page.nextCursor} />
      {page.rows.length > 0 && <RowExport name="ledger" />}
    </>
  );
}

/** Links, not buttons: a page of the list has an address, and works without JavaScript. */
function Paging({ nextCursor }: { nextCursor: string | null }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const isFirst = !new URLSearchParams(search).has('cursor');
  if (isFirst && nextCursor === null) return null;
  return (
    <nav aria-label={t('generations.paging')} className="link-row">
      {!isFirst && <Link to={`${pathname}${changeQuery(search, { cursor: null })}`}>{t('generations.newest')}</Link>}
      {nextCursor !== null && (
        <Link to={`${pathname}${changeQuery(search, { cursor: nextCursor })}`} rel="next">
          {t('generations.older')}
        </Link>
      )}
    </nav>
  );
}
