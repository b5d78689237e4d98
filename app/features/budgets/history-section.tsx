import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { BudgetEventPage, BudgetEventRow } from '#server/contracts/budgets.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { useFormat } from '../../lib/use-format.ts';
import { LiftForm } from './lift-form.tsx';

export interface HistorySectionProps {
  readonly page: BudgetEventPage;
  readonly canChange: boolean;
  /** Of which budget need not be said where it is one budget's history. */
  readonly isOfOne?: boolean;
}

/** Every step that was reached, with what it changed. */
export function HistorySection({ page, canChange, isOfOne = false }: HistorySectionProps) {
  const { t } = useTranslation();
  const columns = useColumns(page.timeZone, canChange).filter(({ key }) => !isOfOne || key !== 'budget');
  return (
    <Section title={t('budgets.history.title')} aside={t('budgets.history.aside')}>
      <Card size="small">
        {page.rows.length === 0 ? (
          <p className="empty">{t('budgets.history.empty')}</p>
        ) : (
          <DataTable caption={t('budgets.history.title')} columns={columns} rows={page.rows} rowKey={({ eventId }) => String(eventId)} />
        )}
      </Card>
      <Paging nextBefore={page.nextBefore} />
    </Section>
  );
}

function useColumns(timeZone: string, canChange: boolean): Column<BudgetEventRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const column = (key: keyof typeof titles, render: Column<BudgetEventRow>['render'], isNumeric = false): Column<BudgetEventRow> => ({ key, title: titles[key], isNumeric, render });
  const titles = t('budgets.history.columns', { returnObjects: true });
  return [
    column('at', ({ firedAt }) => <Instant at={firedAt} timeZone={timeZone} />),
    column('budget', ({ budgetId, name }) => <Link to={`/monitoring/budgets/${budgetId}`}>{name}</Link>),
    column('step', ({ percent }) => `${percent} %`, true),
    column('action', ({ action }) => t(`budgets.actions.${action}`)),
    column('user', ({ userId }) => userId ?? t('budgets.history.everybody')),
    column('used', ({ committedUsd, limitUsd }) => t('budgets.history.used', { used: format.usd(committedUsd), limit: format.usd(limitUsd) }), true),
    column('affected', ({ affectedCount }) => format.count(affectedCount), true),
    column('saved', ({ savedUsd }) => <Money usd={savedUsd} />, true),
    column('state', (row) => {
      if (row.liftedAt === null) return canChange && row.isLiftable ? <LiftForm {...row} /> : t('budgets.history.notLifted');
      return (
        <>
          <Instant at={row.liftedAt} timeZone={timeZone} />
          {row.liftedBy && <span className="cell-note">{t('budgets.history.liftedBy', { email: row.liftedBy })}</span>}
        </>
      );
    }),
  ];
}

function Paging({ nextBefore }: { nextBefore: number | null }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const isFirst = !new URLSearchParams(search).has('before');
  if (isFirst && nextBefore === null) return null;
  return (
    <nav aria-label={t('budgets.history.paging')} className="link-row">
      {!isFirst && <Link to={`${pathname}${changeQuery(search, { before: null })}`}>{t('budgets.history.newest')}</Link>}
      {nextBefore !== null && (
        <Link to={`${pathname}${changeQuery(search, { before: String(nextBefore), done: null })}`} rel="next">
          {t('budgets.history.older')}
        </Link>
      )}
    </nav>
  );
}
