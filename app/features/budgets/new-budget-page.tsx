import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { BudgetForm } from './budget-form.tsx';
import { EMPTY_FORM, type FormResult } from './form-values.ts';

/** Makes a budget. */
export function NewBudgetPage({ models, result }: { models: readonly string[]; result: FormResult | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="page-head">
        <h1>{t('budgets.form.newTitle')}</h1>
        <Link to="/monitoring/budgets" className="head-link">
          {t('budgets.back')}
        </Link>
      </div>
      <Card size="small">
        <BudgetForm initial={EMPTY_FORM} models={models} result={result} />
      </Card>
    </>
  );
}
