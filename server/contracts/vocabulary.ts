import { z } from 'zod';

/** Closed sets that tables, metrics, API and pages share. What falls outside one is `other`. */

export const LANGUAGES = ['en', 'ru'] as const;
export const Language = z.enum(LANGUAGES);
export type Language = z.infer<typeof Language>;

export const ZODIAC_SIGNS = [
  'aries', 'taurus', 'gemini', 'cancer', 'leo', 'virgo', 'libra', 'scorpio', 'sagittarius', 'capricorn', 'aquarius', 'pisces',
] as const;
export const ZodiacSign = z.enum(ZODIAC_SIGNS);
export type ZodiacSign = z.infer<typeof ZodiacSign>;

/** What a model is asked for. */
export const OPERATIONS = ['horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart'] as const;
export const Operation = z.enum(OPERATIONS);
export type Operation = z.infer<typeof Operation>;

export const PLANS = ['free', 'premium'] as const;
export type Plan = (typeof PLANS)[number];

/** Features of the bot, the `handler` of an interaction. */
export const BOT_HANDLERS = ['start', 'horoscope', 'tarot', 'natal', 'premium', 'delete', 'help', 'chat_member', 'other'] as const;
export type BotHandler = (typeof BOT_HANDLERS)[number];

/** `limited`: a budget refused a reading, and the user was told so. */
export const OUTCOMES = ['ok', 'failed', 'limited'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How the run of a schedule ended. */
export const RUN_OUTCOMES = ['ok', 'failed'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Why a generation failed. */
export const AI_ERROR_TYPES = [
  'timeout', 'connection', 'rate_limited', 'payment_required', 'unauthorized', 'forbidden', 'bad_request', 'not_found',
  'provider_error', 'error_in_body', 'invalid_response', 'empty_response', 'too_short', 'wrong_language', 'refused', 'circuit_open', 'interrupted',
] as const;
export type AiErrorType = (typeof AI_ERROR_TYPES)[number];

/** What became of a text that was or may have been paid for; null when there was none. */
export const DISPOSITIONS = ['delivered', 'rejected', 'superseded', 'undelivered'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Where the text of a reading came from: a model, or our own store, which costs nothing. */
export const READING_SOURCES = ['model', 'store'] as const;
export type ReadingSource = (typeof READING_SOURCES)[number];

/** Why an interaction failed: the model, Telegram, the database, or a bug. */
export const INTERACTION_ERROR_TYPES = ['ai_failed', 'ai_disabled', 'telegram_failed', 'user_blocked', 'database_failed', 'internal'] as const;
export type InteractionErrorType = (typeof INTERACTION_ERROR_TYPES)[number];

export const GENERATION_STATUSES = ['reserved', 'settled', 'void', 'unknown'] as const;
export type GenerationStatus = (typeof GENERATION_STATUSES)[number];

export const COST_SOURCES = ['billed', 'lookup', 'estimated', 'none'] as const;
export type CostSource = (typeof COST_SOURCES)[number];

/** How a request to Telegram ended: `blocked` is the user's doing (403), `network_error` no answer at all. */
export const TELEGRAM_OUTCOMES = ['ok', 'rate_limited', 'blocked', 'bad_request', 'unauthorized', 'server_error', 'network_error'] as const;
export type TelegramOutcome = (typeof TELEGRAM_OUTCOMES)[number];

/** The checks of `/health`, in the order in which they are shown. */
export const HEALTH_CHECKS = ['database', 'scheduler', 'openrouter', 'telegram'] as const;
export const HealthCheckName = z.enum(HEALTH_CHECKS);
export type HealthCheckName = z.infer<typeof HealthCheckName>;

export const HEALTH_STATES = ['healthy', 'unhealthy', 'disabled'] as const;
export const HealthState = z.enum(HEALTH_STATES);
export type HealthState = z.infer<typeof HealthState>;

/** What a check has to say of itself; pages have words for each in every language. */
export const HEALTH_CODES = [
  'not_checked', 'outdated', 'timed_out',
  'database_ok', 'database_down',
  'scheduler_ok', 'scheduler_late', 'scheduler_unreadable',
  'openrouter_ok', 'openrouter_disabled', 'openrouter_no_credit', 'openrouter_refused', 'openrouter_down',
  'telegram_ok', 'telegram_disabled', 'telegram_no_updates', 'telegram_webhook_backlog', 'telegram_webhook_failing', 'telegram_refused', 'telegram_down',
] as const;
export const HealthCode = z.enum(HEALTH_CODES);
export type HealthCode = z.infer<typeof HealthCode>;

/** Work that waits in a queue: updates in the inbox, and jobs. */
export const JOBS = ['deliver_alerts'] as const;
export type JobName = (typeof JOBS)[number];
export const QUEUES = ['inbox', ...JOBS] as const;
export type QueueName = (typeof QUEUES)[number];
export const QUEUE_STATUSES = ['pending', 'active', 'failed', 'completed'] as const;
export type QueueStatus = (typeof QUEUE_STATUSES)[number];

/** `retried`: it failed and is tried again. */
export const JOB_OUTCOMES = ['ok', 'failed', 'retried'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** How a request to the web site ended; `aborted`: the client left before a single byte was sent. */
export const HTTP_STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'aborted'] as const;
export type HttpStatusClass = (typeof HTTP_STATUS_CLASSES)[number];

/** What counters and tables must agree on. */
export const PARITY_QUANTITIES = ['generations', 'prompt_tokens', 'completion_tokens', 'cost_dollars', 'updates', 'failed_updates', 'payments'] as const;
export type ParityQuantity = (typeof PARITY_QUANTITIES)[number];
