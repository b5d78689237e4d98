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
export const BOT_HANDLERS = ['start', 'horoscope', 'tarot', 'natal', 'help', 'chat_member', 'other'] as const;
export type BotHandler = (typeof BOT_HANDLERS)[number];

export const OUTCOMES = ['ok', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a generation failed. */
export const AI_ERROR_TYPES = [
  'timeout', 'connection', 'rate_limited', 'payment_required', 'unauthorized', 'forbidden', 'bad_request', 'not_found',
  'provider_error', 'error_in_body', 'invalid_response', 'empty_response', 'interrupted',
] as const;
export type AiErrorType = (typeof AI_ERROR_TYPES)[number];

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
