import { z } from 'zod';
import { Count, Usd } from './amounts.ts';
import { RangeInput, ResolvedRange } from './time-range.ts';
import {
  AI_ERROR_TYPES, COST_SOURCES, DISPOSITIONS, GENERATION_STATUSES, OUTCOMES, PLANS, READING_SOURCES,
} from './vocabulary.ts';

/** Rows of one page of the list. */
export const GENERATIONS_LIMIT_MAX = 100;
export const GENERATIONS_LIMIT_DEFAULT = 50;

/** Why a filter that is well-formed is refused, as `params.reason` of the issue: pages translate it. */
export const MIN_OVER_MAX = 'min_over_max';

/** An attempt without one: no error, or no text. */
export const NONE = 'none';

const Name = z.string().regex(/^[\w~][\w.:/~@-]{0,127}$/, { error: 'must be a name of at most 128 letters, digits and the signs . : / ~ @ - _' });
/** Fits `numeric(20,12)`, so that comparing with it cannot fail. */
const UsdBound = z.string().regex(/^\d{1,8}(\.\d{1,12})?$/, { error: 'must be a decimal of dollars with at most 8 digits before and 12 after the point' });

/** What the list can be narrowed by. A row without a known cost is in no cost range. */
export const GenerationFilters = z.object({
  operation: Name.optional(),
  /** As requested. */
  model: Name.optional(),
  /** Our own `users.id`. */
  user: z.int().positive().optional(),
  status: z.enum(GENERATION_STATUSES).optional(),
  disposition: z.enum([...DISPOSITIONS, NONE]).optional(),
  errorType: z.enum([...AI_ERROR_TYPES, NONE]).optional(),
  costSource: z.enum(COST_SOURCES).optional(),
  minUsd: UsdBound.optional(),
  maxUsd: UsdBound.optional(),
});
export type GenerationFilters = z.infer<typeof GenerationFilters>;

/** The same number has one text only when its places are filled up, and texts of equal length compare as numbers do. */
function fillPlaces(usd: string): string {
  const [whole = '', places = ''] = usd.split('.');
  return `${whole.padStart(8, '0')}.${places.padEnd(12, '0')}`;
}

export const ListGenerationsInput = RangeInput.safeExtend({
  ...GenerationFilters.shape,
  /** Where the page before ended; opaque. */
  cursor: z.base64url({ error: 'is not one that this list gave out' }).max(200).optional(),
  limit: z.int().min(1).max(GENERATIONS_LIMIT_MAX).optional(),
}).superRefine(({ minUsd, maxUsd }, context) => {
  if (minUsd === undefined || maxUsd === undefined || fillPlaces(minUsd) <= fillPlaces(maxUsd)) return;
  context.addIssue({ code: 'custom', path: ['minUsd'], message: 'must be at most maxUsd', params: { reason: MIN_OVER_MAX } });
});
export type ListGenerationsInput = z.infer<typeof ListGenerationsInput>;

const Instant = z.iso.datetime();

/** One attempt, as the list shows it. Null is "not known" or "there is none", never zero. */
export const GenerationRow = z.object({
  requestId: z.guid(),
  startedAt: Instant,
  userId: Count.nullable(),
  operation: z.string(),
  model: z.string(),
  responseModel: z.string().nullable(),
  status: z.enum(GENERATION_STATUSES),
  disposition: z.enum(DISPOSITIONS).nullable(),
  errorType: z.string().nullable(),
  promptTokens: Count.nullable(),
  completionTokens: Count.nullable(),
  costUsd: Usd.nullable(),
  costSource: z.enum(COST_SOURCES),
  durationMs: Count.nullable(),
  attempt: z.int().positive(),
});
export type GenerationRow = z.infer<typeof GenerationRow>;

export const GenerationPage = z.object({
  range: ResolvedRange,
  generatedAt: Instant,
  rows: z.array(GenerationRow),
  /** Null at the end. */
  nextCursor: z.string().nullable(),
});
export type GenerationPage = z.infer<typeof GenerationPage>;

/** A change of the cost of a settled attempt. */
export const CostCorrection = z.object({ oldUsd: Usd, newUsd: Usd, oldSource: z.enum(COST_SOURCES), newSource: z.enum(COST_SOURCES), at: Instant });
export type CostCorrection = z.infer<typeof CostCorrection>;

/** One attempt with everything that the ledger knows of it. */
export const GenerationAttempt = GenerationRow.extend({
  provider: z.string().nullable(),
  generationId: z.string().nullable(),
  finishReason: z.string().nullable(),
  finishedAt: Instant.nullable(),
  timeToFirstTokenMs: Count.nullable(),
  /** Part of the prompt tokens. */
  cachedPromptTokens: Count.nullable(),
  /** Part of the completion tokens. */
  reasoningTokens: Count.nullable(),
  /** The most that it could cost when it was reserved. */
  reservedUsd: Usd.nullable(),
  isByok: z.boolean().nullable(),
  plan: z.enum(PLANS),
  updateId: z.int().nullable(),
  leaseUntil: Instant.nullable(),
  nextLookupAt: Instant.nullable(),
  lookupCount: Count,
  importedFrom: z.string().nullable(),
  corrections: z.array(CostCorrection),
});
export type GenerationAttempt = z.infer<typeof GenerationAttempt>;

export const GetGenerationInput = z.object({ requestId: z.guid({ error: 'must be the id of a request' }) });
export type GetGenerationInput = z.infer<typeof GetGenerationInput>;

/** How the update that asked was handled to its end. */
export const StoryInteraction = z.object({
  at: Instant,
  handler: z.string(),
  outcome: z.enum(OUTCOMES),
  errorType: z.string().nullable(),
  readingSource: z.enum(READING_SOURCES).nullable(),
  durationMs: Count,
  /** From Telegram's date of the update to the end of its handling. */
  updateAgeMs: Count,
});

/** All attempts of one ask in their order, what they cost together, and what became of it. */
export const GenerationStory = z.object({
  requestId: z.guid(),
  askId: z.guid(),
  timeZone: z.string(),
  generatedAt: Instant,
  /** The sum of the known costs. */
  totalUsd: Usd,
  /** Attempts whose cost is not known (yet); not in the sum. */
  openCount: Count,
  attempts: z.array(GenerationAttempt).min(1),
  updateId: z.int().nullable(),
  interaction: StoryInteraction.nullable(),
  /** `delivered`: a text reached the user; `wasted`: paid for in vain; `void`: nothing paid; `open`: not settled. */
  outcome: z.enum(['delivered', 'wasted', 'void', 'open']),
});
export type GenerationStory = z.infer<typeof GenerationStory>;
