import { Form } from '@remix-run/react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WindowRow } from '#server/contracts/health-history.ts';
import { Badge } from '../../components/badge.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { WindowSpan } from './window-span.tsx';
import { useHealthWords } from './use-health-words.ts';

export interface MaintenanceWindowProps {
  readonly window: WindowRow;
  readonly timeZone: string;
  readonly canChange: boolean;
}

/** A window that runs or is planned, and how to be rid of it. */
export function MaintenanceWindow({ window, timeZone, canChange }: MaintenanceWindowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  const { state, checks, reason, createdBy, incidentCount } = window;
  const facts = [
    checks.length === 0 ? t('healthPage.maintenance.allChecks') : checks.map(words.check).join(', '),
    createdBy === null ? null : t('healthPage.maintenance.by', { email: createdBy }),
    incidentCount === 0 ? null : t('healthPage.maintenance.incidents', { count: incidentCount, formatted: format.count(incidentCount) }),
  ].filter((fact) => fact !== null);
  return (
    <li className="health-item" id={`window-${window.windowId}`}>
      <p className="health-item-head">
        <Badge tone={state === 'running' ? 'warning' : 'plain'}>{t(`healthPage.maintenance.states.${state}`)}</Badge>
        <strong>
          <WindowSpan window={window} timeZone={timeZone} />
        </strong>
        <span>{facts.join(' · ')}</span>
      </p>
      <p>{reason}</p>
      {canChange && <Leave window={window} intent={state === 'running' ? 'end' : 'delete'} />}
    </li>
  );
}

/** Asks once more: behind a line, so that it does so without JavaScript too. */
function Leave({ window: { windowId, reason }, intent }: { window: WindowRow; intent: 'end' | 'delete' }) {
  const { t } = useTranslation();
  return (
    <details className="danger-zone">
      <summary aria-label={t(`healthPage.maintenance.${intent}Of`, { reason })}>{t(`healthPage.maintenance.${intent}`)}</summary>
      <Form method="post" preventScrollReset>
        <p>{t(`healthPage.maintenance.${intent}Text`)}</p>
        <input type="hidden" name="intent" value={intent} />
        <input type="hidden" name="windowId" value={windowId} />
        <Button danger htmlType="submit">
          {t(`healthPage.maintenance.${intent}Confirm`)}
        </Button>
      </Form>
    </details>
  );
}
