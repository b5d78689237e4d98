import { z } from 'zod';
import { NewPassword } from './contracts/login.ts';
import type { Operation } from './contracts/vocabulary.ts';

const Port = z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535, { error: 'must be at most 65535' });
const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).transform((url) => url.replace(/\/+$/, ''));
const Model = z.string().regex(/^~?[\w.-]+\/[\w.:-]+$/, { error: 'must look like vendor/model' });
const Models = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'none'))
  .pipe(z.array(Model).max(3, { error: 'may name at most 3 models' }));
const TimeZone = z.string().refine(isTimeZone, { error: 'must be a time zone of the IANA database, such as Europe/Berlin' });
/** The one in use, and the one before it while they are exchanged. */
const WebhookSecrets = z
  .string()
  .regex(/^[\w-]{16,256}(?:,[\w-]{16,256})?$/, { error: 'must be 16 to 256 letters, digits, _ or -, or two such secrets with a comma between' });
const Secret = z.string().min(16, { error: 'must have at least 16 characters' });

/** 0: for ever. Active users are counted over thirty days, and their raw rows are needed for where those begin. */
const RetentionDays = z.coerce
  .number({ error: 'must be a number of days' })
  .int({ error: 'must be a whole number of days' })
  .max(36_500, { error: 'must be at most 36500 days' })
  .refine((days) => days === 0 || days >= 35, { error: 'must be 0 (for ever) or at least 35 days' });

/** Every variable that configures the server; README's table is held against this schema by a test. */
export const ConfigSchema = z.object({
  PORT: Port.default(3000),
  HOST: z.string().min(1).default('0.0.0.0'),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
  PUBLIC_URL: HttpUrl.optional(),
  TELEGRAM_BOT_TOKEN: z.string().regex(/^\d+:[\w-]{3,}$/, { error: 'must look like 123456:ABC-DEF, as BotFather gives it' }).optional(),
  TELEGRAM_API_ROOT: HttpUrl.default('https://api.telegram.org'),
  OPENROUTER_API_KEY: z.string().min(8, { error: 'is too short for a key' }).optional(),
  OPENROUTER_MANAGEMENT_KEY: z.string().min(8, { error: 'is too short for a key' }).optional(),
  OPENROUTER_BASE_URL: HttpUrl.default('https://openrouter.ai/api/v1'),
  AI_MODEL: Model.default('google/gemini-2.5-flash'),
  AI_MODEL_HOROSCOPE: Model.optional(),
  AI_MODEL_TAROT_CARD: Model.optional(),
  AI_MODEL_TAROT_THREE_CARDS: Model.optional(),
  AI_MODEL_NATAL_CHART: Model.optional(),
  AI_FALLBACK_MODELS: Models.default(['openai/gpt-4.1-mini']),
  AI_CHEAPER_MODEL: Model.default('google/gemini-2.5-flash-lite'),
  REPORTING_TIMEZONE: TimeZone.default('UTC'),
  METRICS_TOKEN: Secret.optional(),
  OWNER_EMAIL: z.email({ error: 'must be an e-mail address' }).optional(),
  OWNER_PASSWORD: NewPassword.optional(),
  TELEGRAM_WEBHOOK_SECRET: WebhookSecrets.optional(),
  PREMIUM_MONTH_STARS: z.coerce.number({ error: 'must be a number of Stars' }).int().min(1).max(10_000, { error: 'must be at most 10000' }).default(250),
  STAR_VALUE_USD: z.string().regex(/^\d{1,3}(\.\d{1,12})?$/, { error: 'must be US dollars such as 0.013' }).default('0.013'),
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  OWNER_TELEGRAM_CHAT_ID: z.coerce.number({ error: 'must be the id of a Telegram chat' }).int().optional(),
  SESSION_SECRET: Secret.optional(),
  TRUST_PROXY_COUNT: z.coerce.number({ error: 'must be a number' }).int().min(0).max(5).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'must be one of fatal, error, warn, info, debug, trace, silent' }).default('warn'),
  SHUTDOWN_GRACE_SECONDS: z.coerce.number({ error: 'must be a number of seconds' }).min(0).max(10, { error: 'must be at most 10' }).default(2),
  WEB_CONCURRENCY: z.coerce.number({ error: 'must be a number of processes' }).int().min(1).max(32, { error: 'must be at most 32' }).default(1),
  MANAGEMENT_PORT: Port.optional(),
  MANAGEMENT_HOST: z.string().min(1).default('0.0.0.0'),
  CONNECTIONS_MAX: z.coerce.number({ error: 'must be a number of connections' }).int().min(10).max(100_000).default(2_000),
  RETENTION_INTERACTIONS_DAYS: RetentionDays.default(180),
  RETENTION_LEDGER_DAYS: RetentionDays.default(0),
  SANDBOX_USERS: z.coerce.number({ error: 'must be a number' }).int().min(0).max(5_000).default(40),
  SANDBOX_HISTORY_DAYS: z.coerce.number({ error: 'must be a number' }).int().min(0).max(365).default(30),
  GIT_COMMIT: z.string().regex(/^[\da-f]{7,40}$/, { error: 'must be the hash of a commit' }).optional(),
  SANDBOX_SEED: z.coerce.number({ error: 'must be a number' }).int().min(0).default(1),
});

/** The names of all variables. */
export const CONFIG_KEYS = Object.keys(ConfigSchema.shape) as readonly (keyof typeof ConfigSchema.shape)[];

type Values = z.infer<typeof ConfigSchema>;

/** Bot and models: both real, one of them (the other is `disabled`), or neither: then the sandbox stands in for both. */
export type Services =
  | { readonly kind: 'sandbox' }
  | {
      readonly kind: 'real';
      readonly telegram: { readonly token: string; readonly apiRoot: string } | null;
      readonly openRouter: { readonly apiKey: string; readonly baseUrl: string } | null;
    };

export interface Config {
  readonly values: Readonly<Values>;
  readonly services: Services;
  readonly models: Readonly<Record<Operation, string>>;
  /** Every model that may be asked, each once: label values of the metrics. */
  readonly allModels: readonly string[];
  /** `unknown` where the build does not say. */
  readonly commit: string;
  readonly owner: { readonly email: string; readonly password: string } | null;
}

/** All that is wrong with the configuration, one line per fault, without any value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the configuration once; frozen. An empty variable counts as unset. Throws `ConfigError` that names all faults. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(CONFIG_KEYS.map((key) => [key, environment[key] === '' ? undefined : environment[key]]));
  const parsed = ConfigSchema.safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (Boolean(given.OWNER_EMAIL) !== Boolean(given.OWNER_PASSWORD)) {
    faults.push(`${given.OWNER_EMAIL ? 'OWNER_PASSWORD' : 'OWNER_EMAIL'} is missing: the first owner needs both`);
  }
  if (given.DATABASE_URL && !given.SESSION_SECRET) {
    faults.push('SESSION_SECRET is missing: processes that share DATABASE_URL must share it');
  }
  // A Bot API server of one's own takes plain addresses too.
  const isTelegramItself = !given.TELEGRAM_API_ROOT || /^https:\/\/api\.telegram\.org\/*$/i.test(given.TELEGRAM_API_ROOT);
  if (given.TELEGRAM_WEBHOOK_SECRET && !given.PUBLIC_URL?.startsWith(isTelegramItself ? 'https://' : 'http')) {
    faults.push(isTelegramItself ? 'PUBLIC_URL is missing: Telegram brings updates to an https address only' : 'PUBLIC_URL is missing: updates are brought there');
  }
  if (given.MANAGEMENT_PORT && given.MANAGEMENT_PORT !== '0' && given.MANAGEMENT_PORT === (given.PORT ?? '3000')) {
    faults.push('MANAGEMENT_PORT must differ from PORT');
  }
  if (!parsed.success || faults.length > 0) throw new ConfigError(['The configuration is wrong:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  const values = Object.freeze(parsed.data);
  const models = selectModels(values);
  return Object.freeze({
    values,
    services: selectServices(values),
    models,
    allModels: [...new Set([...Object.values(models), ...values.AI_FALLBACK_MODELS, values.AI_CHEAPER_MODEL])],
    commit: values.GIT_COMMIT ?? 'unknown',
    owner: values.OWNER_EMAIL && values.OWNER_PASSWORD ? { email: values.OWNER_EMAIL.toLowerCase(), password: values.OWNER_PASSWORD } : null,
  });
}

function selectServices(values: Values): Services {
  const { TELEGRAM_BOT_TOKEN: token, OPENROUTER_API_KEY: apiKey } = values;
  if (!token && !apiKey) return { kind: 'sandbox' };
  return {
    kind: 'real',
    telegram: token ? { token, apiRoot: values.TELEGRAM_API_ROOT } : null,
    openRouter: apiKey ? { apiKey, baseUrl: values.OPENROUTER_BASE_URL } : null,
  };
}

function selectModels(values: Values): Record<Operation, string> {
  return {
    horoscope: values.AI_MODEL_HOROSCOPE ?? values.AI_MODEL,
    tarot_card: values.AI_MODEL_TAROT_CARD ?? values.AI_MODEL,
    tarot_three_cards: values.AI_MODEL_TAROT_THREE_CARDS ?? values.AI_MODEL,
    natal_chart: values.AI_MODEL_NATAL_CHART ?? values.AI_MODEL,
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
