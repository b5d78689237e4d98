import type { Plan } from '#server/contracts/vocabulary.ts';

/** Longest question to the cards; longer ones are asked again, never cut. */
export const QUESTION_CHARS_MAX: Readonly<Record<Plan, number>> = { free: 500, premium: 1_000 };
