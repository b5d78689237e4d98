import { useTranslation } from 'react-i18next';
import type { GenerationAttempt } from '#server/contracts/generations.ts';
import type { Fact } from '../../components/facts.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

/** What is known of one attempt: of the call, of its tokens with their parts, and of its cost. */
export function useAttemptFacts(attempt: GenerationAttempt, timeZone: string): { call: Fact[]; tokens: Fact[]; money: Fact[] } {
  return { call: useCallFacts(attempt, timeZone), tokens: useTokenFacts(attempt), money: useMoneyFacts(attempt, timeZone) };
}

function useCallFacts(attempt: GenerationAttempt, timeZone: string): Fact[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const duration = (durationMs: number | null) => (durationMs === null ? null : format.duration(durationMs));
  return [
    { term: t('generations.story.model'), value: attempt.model },
    { term: t('generations.story.responseModel'), value: attempt.responseModel },
    { term: t('generations.story.provider'), value: attempt.provider },
    { term: t('generations.story.error'), value: attempt.errorType === null ? t('vocabulary.none') : words.errorType(attempt.errorType) },
    { term: t('generations.story.finishReason'), value: attempt.finishReason },
    { term: t('generations.story.duration'), value: duration(attempt.durationMs) },
    { term: t('generations.story.timeToFirstToken'), value: duration(attempt.timeToFirstTokenMs) },
    { term: t('generations.story.finishedAt'), value: attempt.finishedAt && <Instant at={attempt.finishedAt} timeZone={timeZone} isPrecise /> },
    ...(attempt.status === 'reserved' && attempt.leaseUntil
      ? [{ term: t('generations.story.leaseUntil'), value: <Instant at={attempt.leaseUntil} timeZone={timeZone} isPrecise /> }]
      : []),
    { term: t('generations.story.requestId'), value: <code>{attempt.requestId}</code> },
    { term: t('generations.story.generationId'), value: attempt.generationId && <code>{attempt.generationId}</code> },
    ...(attempt.importedFrom === null ? [] : [{ term: t('generations.story.importedFrom'), value: attempt.importedFrom }]),
  ];
}

function useTokenFacts({ promptTokens, completionTokens, cachedPromptTokens, reasoningTokens }: GenerationAttempt): Fact[] {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (tokens: number | null) => (tokens === null ? null : format.count(tokens));
  const part = (key: 'cachedPart' | 'reasoningPart', tokens: number | null) =>
    tokens === null ? null : t(`generations.story.${key}`, { formatted: format.count(tokens) });
  return [
    { term: t('generations.story.promptTokens'), value: count(promptTokens), note: part('cachedPart', cachedPromptTokens) },
    { term: t('generations.story.completionTokens'), value: count(completionTokens), note: part('reasoningPart', reasoningTokens) },
    { term: t('generations.story.totalTokens'), value: promptTokens === null || completionTokens === null ? null : count(promptTokens + completionTokens) },
  ];
}

function useMoneyFacts(attempt: GenerationAttempt, timeZone: string): Fact[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const { costUsd, reservedUsd, isByok, lookupCount, nextLookupAt } = attempt;
  const formatted = format.count(lookupCount);
  const lookups = nextLookupAt
    ? t('generations.story.lookupNext', { formatted, time: format.second(nextLookupAt, timeZone) })
    : lookupCount === 0
      ? t('generations.story.lookupsNone')
      : t('generations.story.lookupDone', { formatted });
  return [
    { term: t('generations.story.cost'), value: costUsd === null ? null : <Money usd={costUsd} />, note: words.costSource(attempt.costSource) },
    { term: t('generations.story.reserved'), value: reservedUsd === null ? null : <Money usd={reservedUsd} /> },
    { term: t('generations.story.byok'), value: isByok === null ? null : t(isByok ? 'generations.story.yes' : 'generations.story.no') },
    { term: t('generations.story.lookups'), value: lookups },
  ];
}
