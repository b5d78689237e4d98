import type { Budget, BudgetEvent } from '#db/schema/index.ts';
import { compareUsd, toDecimalString } from '#server/lib/money.ts';
import { nextPeriodDate } from './period.ts';
import { thresholdOf } from './step-state.ts';

/** A step that has fired, with its budget. */
export interface Notice {
  readonly event: BudgetEvent;
  readonly budget: Budget;
}

/** Lines of one message; Telegram takes 4,096 characters. */
const LINES_MAX = 12;
/** Places of an amount that is read, not reckoned with. */
const USD_PLACES = 4;

const EFFECTS: Record<BudgetEvent['action'], string> = {
  warn: 'nothing changes yet',
  cheaper_model: 'calls go to the cheaper model',
  shorter_answer: 'answers are shorter',
  cached_only: 'readings come from our own store only',
  pause_free: 'no new readings on the free plan',
  stop: 'no new readings',
};

/**
 * One message about steps that have fired. The same step of many users is one line; what does not fit is counted. Plain
 * text: a budget's name is never markup.
 */
export function describeNotices(notices: readonly Notice[], budgetsUrl: string): string {
  const groups = [...Map.groupBy(notices, ({ event }) => `${event.budgetId} ${event.periodDate} ${event.percent} ${event.action}`).values()];
  const lines = groups.slice(0, LINES_MAX).map(describeGroup);
  const left = groups.length - lines.length;
  return [...lines, ...(left > 0 ? [`And ${left} more.`] : []), `See ${budgetsUrl}`].join('\n');
}

function describeGroup(group: readonly Notice[]): string {
  const [first] = group;
  if (!first) return '';
  const { event, budget } = first;
  const highest = group.reduce((most, { event: { committedUsd } }) => (compareUsd(committedUsd, most) > 0 ? committedUsd : most), event.committedUsd);
  const used = `${dollars(highest)} of ${dollars(event.limitUsd)}`;
  const who = budget.scope === 'user' ? (group.length === 1 ? ' for one user' : ` for ${group.length} users`) : '';
  // A refusing step fires before its threshold: when a call could pass it.
  const step = `step ${event.percent} %`;
  const isReached = compareUsd(highest, thresholdOf(event.limitUsd, event.percent)) >= 0;
  const what = isReached ? `${step} reached${who}` : `the next call could pass ${step}${who}`;
  return `Budget “${budget.name}”: ${what}, ${group.length === 1 ? used : `at most ${used}`} used or reserved. ${effectOf(group, event, budget)}`;
}

function effectOf(group: readonly Notice[], event: BudgetEvent, budget: Budget): string {
  if (budget.archivedAt) return 'The budget has been archived since.';
  if (group.every(({ event: { liftedAt } }) => liftedAt !== null)) return 'The step has been lifted since.';
  const until = nextPeriodDate(event.periodDate, budget.period);
  const now = `${budget.scope === 'user' ? 'For them' : 'Now'}: ${EFFECTS[event.action]}`;
  return event.action === 'warn' ? `${now}; the next period begins on ${until}.` : `${now} until ${until}, unless you lift the step.`;
}

function dollars(usd: string): string {
  return `$${toDecimalString(usd, USD_PLACES)}`;
}
