import { Form } from '@remix-run/react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ResolvedRange } from '#server/contracts/time-range.ts';
import { daysOfRange } from '../lib/day-range.ts';

/** Two days as a plain form; the answer leads back to the page with the range between them. */
export function RangeDays({ range, returnTo }: { range: ResolvedRange; returnTo: string }) {
  const { t } = useTranslation();
  const { firstDay, lastDay } = daysOfRange(range);
  return (
    <details key={`${range.preset ?? ''}${firstDay}${lastDay}`} className="range-days">
      <summary>{t('range.choose')}</summary>
      <Form method="get" action="/range" className="range-days-form" preventScrollReset>
        <input type="hidden" name="returnTo" value={returnTo} />
        <input type="hidden" name="timeZone" value={range.timeZone} />
        <label>
          {t('range.firstDay')}
          <input type="date" name="firstDay" defaultValue={firstDay} required />
        </label>
        <label>
          {t('range.lastDay')}
          <input type="date" name="lastDay" defaultValue={lastDay} required />
        </label>
        <Button type="primary" size="small" htmlType="submit">
          {t('range.apply')}
        </Button>
      </Form>
    </details>
  );
}
