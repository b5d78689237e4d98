import { useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { ExportReport, ExportTable } from '#server/contracts/export.ts';
import { exportPath } from '../lib/export-path.ts';

export interface ExportLinkProps<Report extends ExportReport> {
  readonly report: Report;
  /** The table that stands beside the link; without it the whole report, as JSON. */
  readonly table?: ExportTable<Report>;
  /** What is exported, for those who hear the links one by one. */
  readonly what: string;
}

/**
 * Downloads what the page shows, by the same query: a table as CSV, or a whole report as JSON. No `download` attribute: the
 * answer itself says that it is a file, and a refusal or the log-in page must not be saved as one.
 */
export function ExportLink<Report extends ExportReport>({ report, table, what }: ExportLinkProps<Report>) {
  const { t } = useTranslation();
  const { search } = useLocation();
  const format = table === undefined ? 'json' : 'csv';
  return (
    <a className="export-link" href={exportPath(report, search, table === undefined ? { format } : { format, table })} aria-label={t(`exports.names.${format}`, { what })}>
      {format.toUpperCase()}
    </a>
  );
}

/** Downloads all reports of the range of the page in one zip. */
export function ExportAllLink() {
  const { t } = useTranslation();
  const { search } = useLocation();
  return (
    <a className="export-link" href={exportPath('all', search)}>
      {t('exports.all')}
    </a>
  );
}
