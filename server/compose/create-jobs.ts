import { createOwnerSender } from '#server/bot/send-to-owner.ts';
import { createScheduler, type Scheduler } from '#server/jobs/scheduler.ts';
import type { Schedule } from '#server/jobs/scheduler.ts';
import { createSchedules } from '#server/jobs/schedules.ts';
import { claimRun } from '#server/services/schedules/claim-run.ts';
import { finishRun } from '#server/services/schedules/finish-run.ts';
import type { Clock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';
import { driftSourceOf } from './drift-source.ts';

/** The schedules of this program, and the scheduler that runs them through Postgres. */
export function createJobs(parts: Parts, clock: Clock, onWake: () => void): { schedules: readonly Schedule[]; scheduler: Scheduler } {
  const { input: { config }, store: { db }, clients: { llm }, metrics, logger } = parts;
  const { REPORTING_TIMEZONE: reportingTimeZone, PUBLIC_URL, PORT, RETENTION_INTERACTIONS_DAYS, RETENTION_LEDGER_DAYS } = config.values;
  const retention = { interactions: RETENTION_INTERACTIONS_DAYS, ledger: RETENTION_LEDGER_DAYS };
  const overviewUrl = `${PUBLIC_URL ?? `http://localhost:${PORT}`}/monitoring`;
  const budgetsUrl = `${overviewUrl}/budgets`;
  const schedules = createSchedules({
    db, llm, clock, reportingTimeZone, retention, overviewUrl, budgetsUrl, sendToOwner: ownerSenderOf(parts), drift: driftSourceOf(parts.clients, metrics),
    onDeleted: (part) => metrics.retention.recordDeleted(part),
  });
  const scheduler = createScheduler({
    schedules,
    clock,
    logger,
    onWake,
    claim: (schedule, dueAt) => claimRun(db, { schedule, dueAt }, clock.now()),
    finish: (schedule, dueAt, outcome) => finishRun(db, { schedule, dueAt }, outcome, clock.now()),
    onRun: (schedule, outcome, finishedAt) => metrics.scheduler.recordRun({ schedule, outcome, finishedAt }),
  });
  return { schedules, scheduler };
}

/** Null without a bot, or without a chat to write to. */
function ownerSenderOf({ input: { config }, clients: { telegram }, metrics }: Parts): ((text: string) => Promise<void>) | null {
  const chatId = config.values.OWNER_TELEGRAM_CHAT_ID;
  return telegram && chatId !== undefined ? createOwnerSender(telegram, chatId, (event) => metrics.telegram.recordRequest(event)) : null;
}
