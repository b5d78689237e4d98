import type { AiErrorType, Language } from '#server/contracts/vocabulary.ts';

/** Shorter than any reading: an aside, an excuse or a question back. */
export const ANSWER_LENGTH_MIN = 40;
/** Names of cards and planets may stay Latin; most letters may not. */
const OWN_SCRIPT_SHARE_MIN = 0.5;

export type Rejection = Extract<AiErrorType, 'too_short' | 'wrong_language' | 'refused'>;

/** Why a text must not reach a user, although the call went well; null when it may. */
export function validateAnswer(text: string, finishReason: string | null, language: Language): Rejection | null {
  if (finishReason === 'content_filter') return 'refused';
  if (text.trim().length < ANSWER_LENGTH_MIN) return 'too_short';
  const cyrillicCount = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const letterCount = text.match(/\p{L}/gu)?.length ?? 0;
  if (letterCount === 0) return 'too_short';
  const ownShare = (language === 'ru' ? cyrillicCount : letterCount - cyrillicCount) / letterCount;
  return ownShare < OWN_SCRIPT_SHARE_MIN ? 'wrong_language' : null;
}
