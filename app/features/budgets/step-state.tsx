import { useTranslation } from 'react-i18next';
import type { AccountStep } from '#server/contracts/budgets.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Instant } from '../../components/instant.tsx';

/** Actions after which there is no new reading. */
export const HARD_ACTIONS: ReadonlySet<string> = new Set(['cached_only', 'pause_free', 'stop']);

function toneOf({ state, action }: AccountStep): BadgeTone {
  if (state !== 'in_force') return 'plain';
  return HARD_ACTIONS.has(action) ? 'bad' : 'warning';
}

/** Whether a step has an effect now, and since when it has fired or was lifted. */
export function StepState({ step, timeZone }: { step: AccountStep; timeZone: string }) {
  const { t } = useTranslation();
  const since = step.state === 'lifted' ? step.event?.liftedAt : step.event?.firedAt;
  return (
    <>
      <Badge tone={toneOf(step)}>{t(`budgets.states.${step.state}`)}</Badge>
      {since && (
        <span className="cell-note">
          <Instant at={since} timeZone={timeZone} />
        </span>
      )}
    </>
  );
}
