import { z } from 'zod';

const TOKENS_MAX = 1_000_000_000;
const Tokens = z.int().min(0).max(TOKENS_MAX);

/** A request as the stand-in served and billed it. */
export const JournalEntry = z.strictObject({
  /** 1 for the first of all. */
  sequence: z.int().min(1),
  at: z.iso.datetime(),
  /** Null when the request ended before a generation began. */
  generationId: z.string().regex(/^gen-/).nullable(),
  model: z.string(),
  promptTokens: Tokens.default(0),
  completionTokens: Tokens.default(0),
  /** Part of completion tokens. */
  reasoningTokens: Tokens.default(0),
  /** Everything that the request really cost, with the provider's own charge; `0` when it was not billed. */
  costUsd: z.string().regex(/^\d+(\.\d+)?$/),
  isByok: z.boolean().default(false),
  outcome: z.enum(['billed', 'not_billed']).default('billed'),
  /** 0 when no status was sent. */
  httpStatus: z.int().min(0).max(599).default(200),
  externalUser: z.string().nullable().default(null),
  provider: z.string().nullable().default(null),
  finishReason: z.string().nullable().default('stop'),
  isStreamed: z.boolean().default(false),
  isCancelled: z.boolean().default(false),
  /** To the first token. */
  latencyMs: z.int().min(0).default(0),
  generationTimeMs: z.int().min(0).default(0),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** An entry to be written; the journal numbers it. What is left out has its default. */
export const NewJournalEntry = JournalEntry.omit({ sequence: true });
export type NewJournalEntry = z.input<typeof NewJournalEntry>;
