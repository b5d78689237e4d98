/** A request to the web site that has ended, under the labels by which the metrics count it: all are of closed sets. */
export interface CountedRequest {
  readonly handler: string;
  readonly method: string;
  readonly status: string;
  /** Null: how long it took says nothing about speed. */
  readonly durationMs: number | null;
}

/** Requests of the same labels that ended within the same five minutes. */
export interface RequestCount {
  /** When the five minutes began. */
  readonly at: Date;
  readonly handler: string;
  readonly method: string;
  readonly status: string;
  readonly requestCount: number;
  /** The bins of their durations, and how many fell into each. */
  readonly bins: readonly number[];
  readonly counts: readonly number[];
}
