import type { Context, MiddlewareFn } from 'grammy';
import type { HoroscopeFlights } from '#server/services/horoscopes/types.ts';
import type { RandomBelow } from '#server/services/tarot/draw-cards.ts';
import type { User } from '#server/services/users/types.ts';
import type { BotDeps } from './deps.ts';
import type { DialogState } from './dialog.ts';
import type { UpdateTrack } from './track.ts';
import type { TextVariables, Translations } from './translations.ts';

/** What the features need, made once for the bot. */
export interface FeatureDeps extends BotDeps {
  readonly randomBelow: RandomBelow;
  readonly horoscopeFlights: HoroscopeFlights;
  readonly translations: Translations;
}

interface BotFlavor {
  deps: FeatureDeps;
  /** A text in the user's language. */
  t: (key: string, variables?: TextVariables) => string;
  track: UpdateTrack;
  user: User;
  dialog: DialogState | null;
}

export type BotContext = Context & BotFlavor;

/** What handles an update of a feature. */
export type Handler = (ctx: BotContext) => Promise<void>;

/** Middleware that also fits the filtered contexts that grammY makes. */
export type BotMiddleware = MiddlewareFn<BotContext>;
