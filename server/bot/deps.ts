import type { BotHandler, InteractionErrorType, Operation, Outcome, TelegramOutcome } from '#server/contracts/vocabulary.ts';
import type { Clock } from '#server/lib/clock.ts';
import type { Logger } from '#server/lib/logger.ts';
import type { GenerationDeps } from '#server/services/generations/types.ts';
import type { BookedPayment, PremiumPrice } from '#server/services/payments/types.ts';
import type { RandomBelow } from '#server/services/tarot/draw-cards.ts';

export type Database = GenerationDeps['db'];

/** One request to Telegram, retries counted singly. */
export interface TelegramRequestEvent {
  readonly method: string;
  readonly outcome: TelegramOutcome;
  readonly durationMs: number;
}

/** One update handled to its end; told after the commit that made it true. */
export interface UpdateHandledEvent {
  readonly handler: BotHandler;
  readonly operation: Operation | null;
  readonly outcome: Outcome;
  readonly errorType: InteractionErrorType | null;
  readonly durationMs: number;
  readonly updateAgeMs: number;
  /** False for an update from nobody that we know, which leaves no interaction. */
  readonly isRecorded: boolean;
}

/** What the metrics want to know; an observer must not throw. */
export interface BotObservers {
  readonly onTelegramRequest: (event: TelegramRequestEvent) => void;
  readonly onUpdateHandled: (event: UpdateHandledEvent) => void;
  /** Told once for each payment, after the commit. */
  readonly onPaymentBooked: (payment: BookedPayment) => void;
}

export interface TelegramOptions {
  readonly token: string;
  /** Without a slash at the end. */
  readonly apiRoot: string;
}

export interface BotDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly generations: GenerationDeps;
  /** Decides which day a horoscope and a card of the day belong to. */
  readonly reportingTimeZone: string;
  readonly telegram: TelegramOptions;
  readonly premium: PremiumPrice;
  /** Where cards come from; the operating system's generator unless given. */
  readonly randomBelow?: RandomBelow;
  readonly observers: BotObservers;
}
