import { Form, useNavigation } from '@remix-run/react';
import { Button } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { INCIDENT_NOTE_LENGTH_MAX, type IncidentRow } from '#server/contracts/health-history.ts';
import { useFormat } from '../../lib/use-format.ts';
import type { HealthAnswer } from './health-answer.ts';
import { useHealthWords } from './use-health-words.ts';

export interface AcknowledgeFormProps {
  readonly incident: IncidentRow;
  readonly timeZone: string;
  /** What was typed and why it was refused. */
  readonly refused: (HealthAnswer & { readonly kind: 'note' }) | null;
}

/** Says that somebody knows of an incident; open where it lasts. */
export function AcknowledgeForm({ incident: { incidentId, check, startedAt, recoveredAt }, timeZone, refused }: AcknowledgeFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  const id = useId();
  const isSubmitting = useNavigation().formMethod === 'POST';
  const name = t('healthPage.incidents.acknowledgeOf', { check: words.check(check), time: format.second(startedAt, timeZone) });
  return (
    <details open={recoveredAt === null || refused !== null}>
      <summary>{t('healthPage.incidents.openForm')}</summary>
      <Form method="post" preventScrollReset noValidate className="health-form">
        <input type="hidden" name="intent" value="acknowledge" />
        <input type="hidden" name="incidentId" value={incidentId} />
        <div className="field">
          <label htmlFor={id}>{t('healthPage.incidents.note')}</label>
          <textarea
            id={id}
            name="note"
            rows={2}
            className="control"
            defaultValue={refused?.note ?? ''}
            maxLength={INCIDENT_NOTE_LENGTH_MAX}
            aria-invalid={refused ? true : undefined}
            aria-describedby={refused ? `${id}-hint ${id}-error` : `${id}-hint`}
          />
          <p id={`${id}-hint`} className="field-hint">
            {t('healthPage.incidents.noteHint')}
          </p>
          {refused && (
            <p id={`${id}-error`} className="field-error" role="alert">
              {t(`healthPage.faults.${refused.fault}`, { maximum: INCIDENT_NOTE_LENGTH_MAX })}
            </p>
          )}
        </div>
        <Button htmlType="submit" aria-label={name} aria-disabled={isSubmitting}>
          {t('healthPage.incidents.acknowledge')}
        </Button>
      </Form>
    </details>
  );
}
