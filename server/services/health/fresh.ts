import type { HealthCheckName } from '#server/contracts/vocabulary.ts';

/**
 * How long a sample is believed, and so the longest time that the next one may stand for: three rounds of the check. A
 * test holds these against the checks themselves.
 */
export const FRESH_MS: Readonly<Record<HealthCheckName, number>> = { database: 10_500, scheduler: 96_000, openrouter: 210_000, telegram: 210_000 };
