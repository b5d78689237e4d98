import type { HealthCode, HealthState } from '#server/contracts/vocabulary.ts';
import type { CheckResult } from './types.ts';

/** What `/health` says in English; pages say it in the language of the visitor, by the code. */
const MESSAGES: Readonly<Record<HealthCode, (detail: string) => string>> = {
  not_checked: () => 'Not checked yet.',
  outdated: () => 'The last result is too old.',
  timed_out: (seconds) => `No answer within ${seconds} s.`,
  database_ok: () => 'Postgres answers.',
  database_down: () => 'Postgres does not answer.',
  scheduler_ok: () => 'All schedules run on time.',
  scheduler_late: (names) => `Late: ${names}.`,
  scheduler_unreadable: () => 'The runs of the schedules cannot be read.',
  openrouter_ok: () => 'OpenRouter accepts the key.',
  openrouter_disabled: () => 'No OpenRouter key is configured.',
  openrouter_no_credit: () => "The key's credit is used up.",
  openrouter_refused: () => 'OpenRouter refuses the key.',
  openrouter_down: () => 'OpenRouter cannot be reached.',
  telegram_ok: () => 'Telegram accepts the token.',
  telegram_disabled: () => 'No bot token is configured.',
  telegram_no_updates: () => 'Updates are not being received.',
  telegram_webhook_backlog: (count) => `${count} updates wait at Telegram.`,
  telegram_webhook_failing: () => 'Telegram cannot bring updates to us.',
  telegram_refused: () => 'Telegram refuses the token.',
  telegram_down: () => 'Telegram cannot be reached.',
};

/** The parts of a report that say in words what was found. */
export function describeFinding(code: HealthCode, detail: string | null = null) {
  return { code, detail, message: MESSAGES[code](detail ?? '') };
}

/** What a check found. */
export function found(state: HealthState, code: HealthCode, detail: string | null = null): CheckResult {
  return { state, ...describeFinding(code, detail) };
}
