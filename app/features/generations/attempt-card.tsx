import { Card } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { GenerationAttempt } from '#server/contracts/generations.ts';
import { Facts } from '../../components/facts.tsx';
import { Instant } from '../../components/instant.tsx';
import { Corrections } from './corrections.tsx';
import { DispositionBadge, StatusBadge } from './state-badges.tsx';
import { useAttemptFacts } from './use-attempt-facts.tsx';

export interface AttemptCardProps {
  readonly attempt: GenerationAttempt;
  readonly timeZone: string;
  /** The one by whose id the story was asked for, among several. */
  readonly isChosen: boolean;
}

/** One attempt of the timeline with everything that is known of it. */
export function AttemptCard({ attempt, timeZone, isChosen }: AttemptCardProps) {
  const { t } = useTranslation();
  const titleId = useId();
  const { call, tokens, money } = useAttemptFacts(attempt, timeZone);
  return (
    <Card size="small" role="group" aria-labelledby={titleId} aria-current={isChosen || undefined} className={isChosen ? 'attempt attempt-chosen' : 'attempt'}>
      <div className="attempt-head">
        <h3 id={titleId}>
          {t('generations.story.attempt', { attempt: attempt.attempt })}
          {isChosen && <span className="attempt-mark"> ({t('generations.story.thisOne')})</span>}
        </h3>
        <Instant at={attempt.startedAt} timeZone={timeZone} isPrecise />
        <StatusBadge status={attempt.status} />
        {attempt.disposition && <DispositionBadge disposition={attempt.disposition} />}
      </div>
      <div className="attempt-facts">
        <Facts facts={call} />
        <Facts facts={tokens} />
        <Facts facts={money} />
      </div>
      <Corrections corrections={attempt.corrections} timeZone={timeZone} />
    </Card>
  );
}
