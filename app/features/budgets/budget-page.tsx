import { Form, Link } from '@remix-run/react';
import { Alert, Button, Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { BudgetEventPage, BudgetSettings } from '#server/contracts/budgets.ts';
import { Badge } from '../../components/badge.tsx';
import { Facts } from '../../components/facts.tsx';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { BudgetForm } from './budget-form.tsx';
import type { FormResult, FormValues } from './form-values.ts';
import { HistorySection } from './history-section.tsx';
import { useBudgetWords } from './use-budget-words.ts';

export interface BudgetPageProps {
  readonly budget: BudgetSettings;
  readonly events: BudgetEventPage;
  readonly canChange: boolean;
  readonly result: FormResult | undefined;
}

/** One budget: to be changed by those who may, to be read by the others, with its history. */
export function BudgetPage({ budget, events, canChange, result }: BudgetPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useBudgetWords();
  const isOpen = canChange && budget.archivedAt === null;
  return (
    <>
      <div className="page-head">
        <h1>{budget.name}</h1>
        <span className="budget-scope">
          {words.scope(budget)}, {words.period(budget.period)}
        </span>
        {budget.archivedAt && <Badge tone="plain">{t('budgets.archive.archivedAt', { time: format.instant(budget.archivedAt, events.timeZone) })}</Badge>}
        <Link to="/monitoring/budgets" className="head-link">
          {t('budgets.back')}
        </Link>
      </div>
      {!isOpen && result?.conflict && <Alert type="error" role="alert" title={t(`budgets.conflicts.${result.conflict}`)} />}
      <Card size="small">{isOpen ? <Change budget={budget} result={result} /> : <Settings budget={budget} />}</Card>
      <HistorySection page={events} canChange={canChange} isOfOne />
    </>
  );
}

function Change({ budget, result }: { budget: BudgetSettings; result: FormResult | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="field-hint form-note">{t('budgets.form.fixed')}</p>
      <BudgetForm initial={toValues(budget)} models={null} result={result} />
      <details className="danger-zone">
        <summary>{t('budgets.archive.open')}</summary>
        <Form method="post">
          <p>{t('budgets.archive.text')}</p>
          <input type="hidden" name="intent" value="archive" />
          <Button danger htmlType="submit">
            {t('budgets.archive.confirm')}
          </Button>
        </Form>
      </details>
    </>
  );
}

function Settings({ budget }: { budget: BudgetSettings }) {
  const { t } = useTranslation();
  const words = useBudgetWords();
  return (
    <Facts
      facts={[
        { term: t('budgets.settings.limit'), value: <Money usd={budget.limitUsd} /> },
        { term: t('budgets.settings.scope'), value: words.scope(budget) },
        { term: t('budgets.settings.period'), value: words.period(budget.period) },
        { term: t('budgets.settings.steps'), value: budget.steps.map(words.step).join(' · ') },
      ]}
    />
  );
}

/** Zeros that only fill the ledger's places are not for people. */
function toValues({ name, limitUsd, period, scope, steps }: BudgetSettings): FormValues {
  const plain = limitUsd.replace(/\.?0+$/, '');
  return { name, limitUsd: plain, period, scope, model: '', steps: steps.map(({ percent, action }) => ({ percent: String(percent), action })) };
}
