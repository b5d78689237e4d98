import { Form, useLocation } from '@remix-run/react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ResolvedRange } from '#server/contracts/time-range.ts';
import { daysOfRange } from '../lib/day-range.ts';
import { keptParameters } from '../lib/range-links.ts';

/** Two days as a plain form that asks the same page for the range between them. */
export function RangeDays({ range }: { range: ResolvedRange }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const { firstDay, lastDay } = daysOfRange(range);
  return (
    <details key={`${range.preset ?? ''}${firstDay}${lastDay}`} className="range-menu">
      <summary>{t('range.choose')}</summary>
      <Form method="get" action={pathname} className="range-days-form" preventScrollReset>
        {keptParameters(search).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label>
          {t('range.firstDay')}
          <input type="date" name="from" defaultValue={firstDay} required />
        </label>
        <label>
          {t('range.lastDay')}
          <input type="date" name="to" defaultValue={lastDay} required />
        </label>
        <Button type="primary" size="small" htmlType="submit">
          {t('range.apply')}
        </Button>
      </Form>
    </details>
  );
}
