import type { User } from '#db/schema/index.ts';
import type { Plan } from '#server/contracts/vocabulary.ts';

export type { User } from '#db/schema/index.ts';

/** One sign of life from a Telegram user: a message or a pressed button. */
export interface UserContact {
  readonly telegramUserId: number;
  /** IETF tag as Telegram sends it; the language of the bot follows it; null where it is not said. */
  readonly languageCode: string | null;
  /** Payload of /start; kept from the first contact only. */
  readonly source: string | null;
  readonly at: Date;
}

/** What the bot learns of a user and may change. */
export type UserChanges = Partial<
  Pick<
    User,
    | 'zodiacSign'
    | 'birthDate'
    | 'birthTime'
    | 'isBirthTimeUnknown'
    | 'birthPlace'
    | 'birthLatitude'
    | 'birthLongitude'
    | 'birthTimeZone'
    | 'dialog'
  >
>;

/** What the user pays for at an instant. */
export function planOf(user: Pick<User, 'premiumUntil'>, at: Date): Plan {
  return user.premiumUntil !== null && user.premiumUntil > at ? 'premium' : 'free';
}
