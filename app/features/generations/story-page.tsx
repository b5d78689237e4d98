import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GenerationStory } from '#server/contracts/generations.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { Freshness } from '../../components/freshness.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { AttemptCard } from './attempt-card.tsx';

const TONES: Record<GenerationStory['outcome'], BadgeTone> = { delivered: 'good', wasted: 'bad', void: 'plain', open: 'warning' };

/** The whole story of one generation: what was asked, what came of it, and every attempt. */
export function StoryPage({ story }: { story: GenerationStory }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="page-head">
        <h1>{t('generations.story.title')}</h1>
        <Freshness asOf={story.generatedAt} timeZone={story.timeZone} />
        <Link to="/monitoring/generations" className="head-link">
          {t('generations.story.back')}
        </Link>
      </div>
      <Section title={t('generations.story.asked')}>
        <Card size="small" className="ask">
          <Facts facts={useAskFacts(story)} />
        </Card>
      </Section>
      <Section title={t('generations.story.attempts')}>
        <ol className="timeline">
          {story.attempts.map((attempt) => (
            <li key={attempt.requestId}>
              <AttemptCard attempt={attempt} timeZone={story.timeZone} isChosen={story.attempts.length > 1 && attempt.requestId === story.requestId} />
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

function useAskFacts({ attempts, askId, updateId, totalUsd, openCount, outcome, interaction }: GenerationStory): Fact[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const [first] = attempts;
  const outcomeWords = { delivered: 'delivered', wasted: 'paidInVain', void: 'nothingPaid', open: 'stillOpen' } as const;
  const handled =
    interaction &&
    t('generations.story.interaction', {
      outcome: t(`generations.story.outcomes.${interaction.outcome}`),
      duration: format.duration(interaction.durationMs),
      age: format.duration(interaction.updateAgeMs),
    });
  const known = t('generations.story.totalKnown', { count: attempts.length });
  return [
    {
      term: t('generations.story.outcome'),
      value: <Badge tone={TONES[outcome]}>{t(`generations.story.${outcomeWords[outcome]}`)}</Badge>,
      note: handled ?? (updateId === null ? null : t('generations.story.noInteraction')),
    },
    {
      term: t('generations.story.total'),
      value: openCount === attempts.length ? null : <Money usd={totalUsd} />,
      note: openCount === 0 ? known : t('generations.story.totalOpen', { count: openCount }),
    },
    { term: t('generations.story.operation'), value: first ? words.operation(first.operation) : null },
    { term: t('generations.story.user'), value: first?.userId == null ? null : <Link to={`/monitoring/generations?user=${first.userId}`}>{first.userId}</Link> },
    { term: t('generations.story.plan'), value: first ? words.plan(first.plan) : null },
    { term: t('generations.story.update'), value: updateId },
    { term: t('generations.story.askId'), value: <code>{askId}</code> },
  ];
}
