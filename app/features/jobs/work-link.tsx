import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { JobsReport } from '#server/contracts/jobs.ts';
import { jobFilterQuery } from './jobs-query.ts';

/** The name of a schedule or a job, which narrows the page to it. */
export function WorkLink({ name, chosen }: { name: JobsReport['runs'][number]['name']; chosen: JobsReport['chosen'] }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const text = t(`jobs.names.${name}`);
  if (name === 'other') return text;
  return (
    <Link to={`${pathname}${jobFilterQuery(search, name)}`} aria-current={name === chosen ? 'true' : undefined} preventScrollReset>
      {text}
    </Link>
  );
}
