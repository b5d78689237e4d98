import { useLocation } from '@remix-run/react';
import { Button } from 'antd';
import { useId, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RawExport } from '#server/contracts/export.ts';
import { exportPath } from '../lib/export-path.ts';
import { canSaveRows } from '../lib/save-rows.ts';
import { useFormat } from '../lib/use-format.ts';
import { useRowExport, type RowExportState } from '../lib/use-row-export.ts';

/** With a key held, a click means something else to the browser. */
function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** Downloads all rows behind what the page shows, and tells how many have come; without JavaScript, a plain link. */
export function RowExport({ name }: { name: RawExport }) {
  const { t } = useTranslation();
  const { search } = useLocation();
  const { state, start, cancel } = useRowExport();
  const isRunning = state?.kind === 'running';
  const href = exportPath(name, search);
  const onClick = (event: MouseEvent): void => {
    if (!isPlainClick(event) || !canSaveRows()) return;
    event.preventDefault();
    if (!isRunning) void start(href);
  };
  return (
    <span className="row-export">
      <a className="export-link" href={href} onClick={onClick}>
        {t(`exports.rows.${name}`)}
      </a>
      {state && <ExportProgress state={state} />}
      {isRunning && (
        <Button size="small" onClick={cancel}>
          {t('exports.progress.cancel')}
        </Button>
      )}
    </span>
  );
}

function ExportProgress({ state: { kind, rows, total } }: { state: RowExportState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const textId = useId();
  const counts = { rows: format.count(rows), total: total === null ? '' : format.count(total) };
  const key = kind === 'running' ? (total === null ? 'soFar' : 'ofTotal') : kind;
  return (
    <>
      {kind === 'running' && <progress aria-label={t('exports.progress.label')} aria-describedby={textId} {...(total ? { max: total, value: Math.min(rows, total) } : {})} />}
      <output id={textId}>{t(`exports.progress.${key}`, counts)}</output>
    </>
  );
}
