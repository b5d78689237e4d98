import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { addUsd } from '#server/lib/money.ts';
import type { StandInContext } from './context.ts';
import { sendError } from './errors.ts';
import type { JournalEntry } from './journal-entry.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 30;

/** `GET /activity`: what was billed on the last 30 completed UTC days, or one of them, by day, model and endpoint, the newest day first. */
export function answerActivity({ journal, clock }: StandInContext): RequestHandler {
  return (req, res) => {
    const today = clock.now().getTime();
    const days = Array.from({ length: DAYS_MAX }, (_, index) => new Date(today - (index + 1) * DAY_MS).toISOString().slice(0, 10));
    const { date } = req.query;
    if (date !== undefined && !days.some((day) => day === date)) return sendError(res, 400, 'Date must be within the last 30 (completed) UTC days');
    const asked = new Set(date === undefined ? days : days.filter((day) => day === date));
    const billed = journal.list().filter(({ at, outcome }) => outcome === 'billed' && asked.has(at.slice(0, 10)));
    const groups = Map.groupBy(billed, ({ at, model, provider }) => [at.slice(0, 10), model, provider].join('\n'));
    const rows = [...groups.values()].map(describeGroup);
    res.json({ data: rows.toSorted((a, b) => b.date.localeCompare(a.date) || a.model.localeCompare(b.model)) });
  };
}

function describeGroup(entries: readonly JournalEntry[]) {
  const [first] = entries;
  const { at = '', model = '', provider = null } = first ?? {};
  const sum = (count: (entry: JournalEntry) => number) => entries.reduce((total, entry) => total + count(entry), 0);
  const usd = (isByok: boolean) => Number(entries.filter((entry) => entry.isByok === isByok).reduce((total, entry) => addUsd(total, entry.costUsd), '0'));
  return {
    date: at.slice(0, 10),
    model,
    model_permaslug: model,
    endpoint_id: endpointIdOf(`${model} ${provider}`),
    provider_name: provider ?? 'unknown',
    usage: usd(false),
    byok_usage_inference: usd(true),
    requests: entries.length,
    prompt_tokens: sum((entry) => entry.promptTokens),
    completion_tokens: sum((entry) => entry.completionTokens),
    reasoning_tokens: sum((entry) => entry.reasoningTokens),
  };
}

/** The same UUID for the same endpoint at each start. */
function endpointIdOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
