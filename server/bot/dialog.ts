import { z } from 'zod';

/** What happens once the zodiac sign is known. */
export const SignPurpose = z.enum(['start', 'horoscope']);
export type SignPurpose = z.infer<typeof SignPurpose>;

const noData = z.object({}).optional();

/** The answers that the bot may be waiting for. */
export const DialogState = z.discriminatedUnion('step', [
  z.object({ step: z.literal('sign'), data: z.object({ purpose: SignPurpose }) }),
  z.object({ step: z.literal('tarot_question'), data: noData }),
  z.object({ step: z.literal('natal_date'), data: noData }),
  z.object({ step: z.literal('natal_time'), data: noData }),
  z.object({ step: z.literal('natal_place'), data: noData }),
]);
export type DialogState = z.infer<typeof DialogState>;
export type DialogStep = DialogState['step'];

/** The stored dialog; null when there is none or an older version wrote it. */
export function parseDialog(stored: unknown): DialogState | null {
  return DialogState.safeParse(stored).data ?? null;
}
