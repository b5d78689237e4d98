import { useLocation } from '@remix-run/react';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

const DONE = ['created', 'updated', 'archived', 'lifted'] as const;
export type Done = (typeof DONE)[number];

/** The page with the budgets, which then says what was done. */
export function donePath(done: Done): string {
  return `/monitoring/budgets?done=${done}`;
}

/** Says what was just done, as the address tells. */
export function DoneNotice() {
  const { t } = useTranslation();
  const { search } = useLocation();
  const told = new URLSearchParams(search).get('done');
  const done = DONE.find((each) => each === told);
  return done ? <Alert type="success" role="status" title={t(`budgets.done.${done}`)} /> : null;
}
