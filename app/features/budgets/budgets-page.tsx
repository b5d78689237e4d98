import { Link } from '@remix-run/react';
import { Alert, Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { BudgetEventPage, BudgetList } from '#server/contracts/budgets.ts';
import { Freshness } from '../../components/freshness.tsx';
import { BudgetCard } from './budget-card.tsx';
import { DoneNotice } from './done-notice.tsx';
import { HistorySection } from './history-section.tsx';

export interface BudgetsPageProps {
  readonly list: BudgetList;
  readonly events: BudgetEventPage;
  /** Viewers see no buttons. */
  readonly canChange: boolean;
  /** A step could not be lifted. */
  readonly isLiftRefused: boolean;
}

/** The budgets with what each has used, and what their steps did. */
export function BudgetsPage({ list, events, canChange, isLiftRefused }: BudgetsPageProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="page-head">
        <h1>{t('budgets.title')}</h1>
        <Freshness asOf={list.generatedAt} timeZone={list.timeZone} />
        {canChange && (
          <Link to="/monitoring/budgets/new" className="head-link">
            {t('budgets.create')}
          </Link>
        )}
      </div>
      <p className="page-intro">{t('budgets.intro')}</p>
      {isLiftRefused ? <Alert type="error" role="alert" title={t('budgets.conflicts.over')} /> : <DoneNotice />}
      {list.budgets.length === 0 ? (
        <Card size="small">
          <p className="empty">{t('budgets.empty')}</p>
        </Card>
      ) : (
        <ul className="budget-list">
          {list.budgets.map((budget) => (
            <li key={budget.budgetId}>
              <BudgetCard budget={budget} timeZone={list.timeZone} canChange={canChange} />
            </li>
          ))}
        </ul>
      )}
      <HistorySection page={events} canChange={canChange} />
    </>
  );
}
