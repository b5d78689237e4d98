import { createParityLoop } from '#server/jobs/parity-loop.ts';
import type { Metrics } from '#server/metrics/create-metrics.ts';
import { createParityCheck } from '#server/services/parity/create-parity-check.ts';
import type { Amounts } from '#server/services/parity/written.ts';
import type { ParityPort } from '../contracts/parity.ts';
import type { Clock } from '../lib/clock.ts';
import type { Parts } from './compose-input.ts';

/** Starts the comparison of this process's counters with what the tables say that it wrote. */
export function startParityCheck({ store, processId, metrics, logger, lifecycle }: Parts, clock: Clock): ParityPort {
  const check = createParityCheck({
    db: store.db,
    clock,
    logger,
    processId,
    readCounters: () => countersOf(metrics),
    onCompared: (differences) => metrics.parity.setDifferences(differences),
  });
  const loop = createParityLoop({ compare: () => check.compare(), logger });
  loop.start();
  lifecycle.add('parity check', () => loop.stop());
  return check;
}

/** What the counters say, exactly. */
export function countersOf({ ai, bot, payments }: Pick<Metrics, 'ai' | 'bot' | 'payments'>): Amounts {
  const generated = ai.totals();
  const handled = bot.totals();
  return {
    generations: String(generated.generations),
    prompt_tokens: String(generated.promptTokens),
    completion_tokens: String(generated.completionTokens),
    cost_dollars: generated.costUsd,
    updates: String(handled.updates),
    failed_updates: String(handled.failedUpdates),
    payments: String(payments.paymentCount()),
  };
}
