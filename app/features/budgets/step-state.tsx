import { useTranslation } from 'react-i18next';
import type { AccountStep } from '#server/contracts/budgets.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Instant } from '../../components/instant.tsx';
import { LiftForm } from './lift-form.tsx';

/** Actions after which there is no new reading. */
export const HARD_ACTIONS: ReadonlySet<string> = new Set(['cached_only', 'pause_free', 'stop']);

export interface StepStateProps {
  readonly step: AccountStep;
  /** Of the budget. */
  readonly name: string;
  readonly userId: number | null;
  readonly timeZone: string;
  readonly canChange: boolean;
}

function toneOf({ state, action }: AccountStep): BadgeTone {
  if (state !== 'in_force') return 'plain';
  return HARD_ACTIONS.has(action) ? 'bad' : 'warning';
}

/** Whether a step has an effect now, since when it has fired or was lifted, and the button that lifts it. */
export function StepState({ step, name, userId, timeZone, canChange }: StepStateProps) {
  const { t } = useTranslation();
  const { event, percent, action } = step;
  const since = step.state === 'lifted' ? event?.liftedAt : event?.firedAt;
  return (
    <div className="step-state">
      <span>
        <Badge tone={toneOf(step)}>{t(`budgets.states.${step.state}`)}</Badge>
        {since && (
          <span className="cell-note">
            <Instant at={since} timeZone={timeZone} />
          </span>
        )}
      </span>
      {canChange && event?.liftedAt === null && <LiftForm eventId={event.eventId} userId={userId} name={name} percent={percent} action={action} />}
    </div>
  );
}
