import { z } from 'zod';

/** Statuses that a fault can answer with. */
export const FAULT_STATUSES = ['400', '401', '402', '403', '404', '408', '429', '500', '502', '503', '524', '529'] as const;

/** Faults that any endpoint can have. Nothing is billed. */
export const PLAIN_FAULTS = [...FAULT_STATUSES, 'html200', 'html502', 'hang_before_headers', 'destroy_before_headers'] as const;

/** Faults in what a completion says. */
export const BODY_FAULTS = [
  'error_in_200',
  'choice_error',
  'empty_choices',
  'empty_content',
  'missing_usage',
  'missing_cost',
  'byok',
  'negative_usage',
  'string_usage',
  'huge_usage',
  'null_usage',
  'short_content',
  'foreign_content',
  'content_filter',
] as const;

/**
 * Faults in how a completion is sent: cut JSON, silence or a reset after the headers (`stall` and `midstream_error`
 * unbilled, the others billed), a stream that ends with an error or just ends, and mere slowness.
 */
export const TRANSPORT_FAULTS = [
  'truncated_json',
  'stall_after_headers',
  'destroy_after_headers',
  'bill_then_hang',
  'midstream_error',
  'cut_stream',
  'slow',
] as const;

export const FAULT_MODES = [...PLAIN_FAULTS, ...BODY_FAULTS, ...TRANSPORT_FAULTS] as const;
export type FaultMode = (typeof FAULT_MODES)[number];
export const FAULT_TARGETS = ['completion', 'generation', 'key', 'models', 'activity'] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

const TIMES_MAX = 1_000_000;
const DELAY_MAX_MS = 3_600_000;

/** A scripted fault: what the next `times` requests to `target` meet. */
export const Fault = z
  .strictObject({
    mode: z.enum(FAULT_MODES),
    target: z.enum(FAULT_TARGETS).default('completion'),
    times: z.int().min(1).max(TIMES_MAX).default(1),
    /** Sent as `Retry-After` with a status. */
    retryAfterSeconds: z.number().min(0).optional(),
    /** Waited before anything is done. */
    delayMs: z.int().min(0).max(DELAY_MAX_MS).default(0),
  })
  .refine((fault) => fault.target === 'completion' || isPlain(fault.mode), {
    error: 'only a completion can have this fault',
    path: ['mode'],
  });
export type Fault = z.infer<typeof Fault>;
export type PlainFault = (typeof PLAIN_FAULTS)[number];
export type BodyFault = (typeof BODY_FAULTS)[number];

/** Whether any endpoint can have this fault. */
export function isPlain(mode: FaultMode): mode is PlainFault {
  return PLAIN_FAULTS.some((plain) => plain === mode);
}

/** Whether this fault is one of what a completion says. */
export function isBodyFault(mode: FaultMode): mode is BodyFault {
  return BODY_FAULTS.some((body) => body === mode);
}

/** Scripted faults in the order in which they were given; each is used up by as many requests as it says. */
export class FaultQueue {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  /** The fault that this request meets; null when it meets none. */
  take(target: FaultTarget): Fault | null {
    const entry = this.#waiting.find((waiting) => waiting.fault.target === target);
    if (!entry) return null;
    entry.left -= 1;
    if (entry.left === 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== entry);
    return entry.fault;
  }

  list(): readonly (Fault & { readonly left: number })[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, left }));
  }

  clear(): void {
    this.#waiting = [];
  }
}
