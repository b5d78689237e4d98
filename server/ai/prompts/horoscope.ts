import type { Prompt } from '../types.ts';
import type { Language, ZodiacSign } from '#server/contracts/vocabulary.ts';
import { READING_TOKENS_MAX, readerInstructions } from './shared.ts';

/** The horoscope of a sign for a day `YYYY-MM-DD`; the same for everybody, so it holds nothing of a user. */
export function horoscopePrompt(language: Language, input: { readonly sign: ZodiacSign; readonly date: string }): Prompt {
  return {
    system: readerInstructions('You write the daily horoscopes of a popular astrology column.', language),
    user: `Write the horoscope for the sign ${input.sign} for ${input.date}: mood of the day, work, relationships, one piece of advice.`,
    completionTokensMax: READING_TOKENS_MAX,
  };
}
