import { pino, type Logger } from 'pino';

export type { Logger };

/** Keys whose values never reach a log line, at any of the usual depths. */
const SECRET_KEYS = ['token', 'apiKey', 'password', 'authorization', 'cookie', 'secret', 'text', 'question'];

/** One JSON line per event on standard output; `silent` for tests. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
  });
}
