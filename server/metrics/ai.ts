import type { Registry } from 'prom-client';
import { COST_SOURCES, OPERATIONS, type CostSource } from '#server/contracts/vocabulary.ts';
import { createCounter, createGauge, createHistogram } from './definition.ts';
import { ExactSums, registerExactSums } from './exact-sum.ts';
import { closedSet, withOther } from './labels.ts';

const OPERATION_LABELS = withOther(OPERATIONS);
export const AI_STATUSES = ['settled', 'void', 'unknown'] as const;
export const AI_UNSETTLED_STATUSES = ['reserved', 'unknown'] as const;
/** Cached and reasoning tokens are parts of these two and get no value of their own: a sum over the label stays true. */
export const AI_TOKEN_TYPES = ['prompt', 'completion'] as const;

export const AI_METRICS = {
  requests: {
    name: 'ai_requests_total',
    type: 'counter',
    help: 'Generations ended, by what the ledger says of them.',
    unit: 'count',
    labels: { operation: OPERATION_LABELS, model: 'configured', status: AI_STATUSES },
  },
  duration: {
    name: 'ai_request_duration_seconds',
    type: 'histogram',
    help: 'Time a generation took, failed ones included.',
    unit: 'seconds',
    labels: { operation: OPERATION_LABELS, model: 'configured' },
    buckets: [0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60, 120],
  },
  tokens: {
    name: 'ai_tokens_total',
    type: 'counter',
    help: 'Tokens as billed, also those that became known late; cached tokens are part of prompt, reasoning tokens of completion.',
    unit: 'tokens',
    labels: { operation: OPERATION_LABELS, model: 'configured', token_type: AI_TOKEN_TYPES },
  },
  cost: {
    name: 'ai_cost_dollars_total',
    type: 'counter',
    help: 'US dollars of settled generations, summed exactly; after a correction downwards it stands until the sum has caught up.',
    unit: 'dollars',
    labels: { operation: OPERATION_LABELS, model: 'configured' },
  },
  costSource: {
    name: 'ai_cost_source_total',
    type: 'counter',
    help: 'Generations ended, by where their cost comes from.',
    unit: 'count',
    labels: { source: COST_SOURCES },
  },
  unsettled: {
    name: 'ai_unsettled',
    type: 'gauge',
    help: 'Ledger rows whose cost is not settled, reserved or unknown; absent until first read.',
    unit: 'count',
    labels: { status: AI_UNSETTLED_STATUSES },
    combine: 'max',
  },
  unsettledAge: {
    name: 'ai_unsettled_age_seconds',
    type: 'gauge',
    help: 'Age of the oldest ledger row that is reserved or unknown, 0 without one; an unknown row keeps its age until its cost is settled. Absent until first read.',
    unit: 'seconds',
    labels: {},
    combine: 'max',
  },
} as const;

/** What the ledger tells of one ended attempt: the shape of `FinishedGeneration` in `server/services/generations`. */
export interface EndedGeneration {
  readonly operation: string;
  readonly model: string;
  readonly status: (typeof AI_STATUSES)[number];
  readonly durationMs: number;
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number } | null;
  /** Decimal string of US dollars; null unless settled. */
  readonly costUsd: string | null;
  readonly costSource: CostSource;
}

export interface UnsettledReading {
  readonly reservedCount: number;
  readonly unknownCount: number;
  readonly oldestStartedAt: Date | null;
}

export interface AiMetrics {
  recordGeneration(generation: EndedGeneration): void;
  /** A cost became known, or changed, after its attempt had ended, and its tokens with it. */
  recordResolvedCost(resolved: LateCost): void;
  setUnsettled(reading: UnsettledReading): void;
  /** The exact sum behind `ai_cost_dollars_total` of a label pair, 12 decimal places. */
  costUsd(operation: string, model: string): string;
  /** The exact sums over all labels. */
  totals(): AiTotals;
}

/** The shape of `ResolvedCost` in `server/services/generations`; what is told there may be negative. */
export interface LateCost {
  readonly operation: string;
  readonly model: string;
  readonly deltaUsd: string;
  readonly deltaPromptTokens: number;
  readonly deltaCompletionTokens: number;
}

export interface AiTotals {
  readonly generations: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** 12 decimal places; after a correction downwards it is less than what the counter shows. */
  readonly costUsd: string;
}

function createUnsettled(registry: Registry, nowMs: () => number): AiMetrics['setUnsettled'] {
  let latest: UnsettledReading | undefined;
  const count = createGauge(registry, AI_METRICS.unsettled);
  const age = createGauge(registry, AI_METRICS.unsettledAge, function collect() {
    if (latest === undefined) this.remove();
    // Reckoned at the scrape, so that the age grows between two refreshes too.
    else this.set(latest.oldestStartedAt === null ? 0 : Math.max(0, nowMs() - latest.oldestStartedAt.getTime()) / 1_000);
  });
  age.remove();
  return (reading) => {
    latest = reading;
    count.set({ status: 'reserved' }, reading.reservedCount);
    count.set({ status: 'unknown' }, reading.unknownCount);
  };
}

function createSums(registry: Registry) {
  const tokens = new ExactSums();
  const costs = new ExactSums();
  registerExactSums(registry, AI_METRICS.tokens, tokens, (key) => {
    const [operation = '', model = '', tokenType = ''] = key.split('\n');
    return { operation, model, token_type: tokenType };
  });
  registerExactSums(registry, AI_METRICS.cost, costs, (key) => {
    const [operation = '', model = ''] = key.split('\n');
    return { operation, model };
  });
  return { tokens, costs };
}

/** `models`: the configured ones; every other is counted as `other`. */
export function createAiMetrics(registry: Registry, models: readonly string[], nowMs: () => number): AiMetrics {
  const requests = createCounter(registry, AI_METRICS.requests);
  const duration = createHistogram(registry, AI_METRICS.duration);
  const { tokens, costs } = createSums(registry);
  let generationCount = 0;
  const costSources = createCounter(registry, AI_METRICS.costSource);
  const operationLabel = closedSet(OPERATIONS);
  const modelLabel = closedSet(models);
  for (const operation of OPERATIONS) {
    for (const model of new Set(models)) {
      for (const status of AI_STATUSES) requests.inc({ operation, model, status }, 0);
      for (const tokenType of AI_TOKEN_TYPES) tokens.add(`${operation}\n${model}\n${tokenType}`, 0);
      duration.zero({ operation, model });
      costs.add(`${operation}\n${model}`, '0');
    }
  }
  for (const source of COST_SOURCES) costSources.inc({ source }, 0);
  return {
    recordGeneration(generation) {
      const labels = { operation: operationLabel(generation.operation), model: modelLabel(generation.model) };
      const key = `${labels.operation}\n${labels.model}`;
      generationCount += 1;
      requests.inc({ ...labels, status: generation.status });
      duration.observe(labels, generation.durationMs / 1_000);
      costSources.inc({ source: generation.costSource });
      if (generation.usage) {
        tokens.add(`${key}\nprompt`, generation.usage.promptTokens);
        tokens.add(`${key}\ncompletion`, generation.usage.completionTokens);
      }
      if (generation.costUsd !== null) costs.add(key, generation.costUsd);
    },
    recordResolvedCost(resolved) {
      const key = `${operationLabel(resolved.operation)}\n${modelLabel(resolved.model)}`;
      costs.correct(key, resolved.deltaUsd);
      tokens.correct(`${key}\nprompt`, resolved.deltaPromptTokens);
      tokens.correct(`${key}\ncompletion`, resolved.deltaCompletionTokens);
    },
    setUnsettled: createUnsettled(registry, nowMs),
    costUsd: (operation, model) => costs.get(`${operation}\n${model}`),
    totals: () => ({
      generations: generationCount,
      promptTokens: tokens.total((key) => key.endsWith('\nprompt')).toNumber(),
      completionTokens: tokens.total((key) => key.endsWith('\ncompletion')).toNumber(),
      costUsd: costs.total().toFixed(12),
    }),
  };
}
