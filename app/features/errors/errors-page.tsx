import { useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { ErrorsInput, ErrorsReport } from '#server/contracts/errors.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { FilterNote } from '../../components/filter-note.tsx';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { AttemptErrors } from './attempt-errors.tsx';
import { ErrorCards } from './error-cards.tsx';
import { errorFilterQuery } from './errors-query.ts';
import { ExamplesSection } from './examples-section.tsx';
import { FailureTables } from './failure-tables.tsx';
import { FailuresOverTime } from './failures-over-time.tsx';
import { useErrorWords } from './use-error-words.ts';
import { useLiveErrors } from './use-live-errors.ts';

/** What failed in a range: how often, where and why, and whom it hit. */
export function ErrorsPage({ input, initial }: { input: ErrorsInput; initial: ErrorsReport }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const words = useErrorWords();
  const { report, state } = useLiveErrors(input, initial);
  const freshness = { asOf: report.generatedAt, timeZone: report.range.timeZone, state };
  const chosen = words.kind(report.chosen);
  return (
    <>
      <div className="page-head">
        <h1>{t('failures.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={report.range} report={report} hasSteps />
      </div>
      <StaleNotice {...freshness} />
      {chosen !== null && <FilterNote label={t('failures.filters')} text={t('failures.only', { what: chosen })} all={t('failures.all')} to={`${pathname}${errorFilterQuery(search)}`} />}
      <ErrorCards report={report} />
      <FailuresOverTime report={report} />
      <FailureTables report={report} />
      <ExamplesSection report={report} />
      <AttemptErrors report={report} />
      <nav aria-label={t('exports.label')} className="link-row">
        <ExportLink report="errors" table="figures" what={t('failures.title')} />
        <ExportLink report="errors" what={t('failures.title')} />
      </nav>
    </>
  );
}
