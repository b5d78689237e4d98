import type { HttpStatusClass } from '#server/contracts/vocabulary.ts';
import { OTHER } from './labels.ts';
import type { HistogramSeries } from './series-histogram.ts';

/** What is counted of one handler and method. */
export interface MethodSeries {
  readonly labels: { readonly handler: string; readonly method: string };
  readonly statusCounts: Map<HttpStatusClass, number>;
  inProgressCount: number;
  /** Null before the first. */
  duration: HistogramSeries | null;
}

/** What is counted of one handler, and its methods. */
export interface HandlerSeries {
  readonly handler: string;
  readonly byMethod: Map<string, MethodSeries>;
  /** Null before the first. */
  sizes: { readonly request: HistogramSeries; readonly response: HistogramSeries } | null;
}

/** Counts kept by handler and method, so that a request finds its own without making a key of its labels. Both sets are closed. */
export class HttpSeries {
  readonly #handlers: Set<string>;
  readonly #methods: ReadonlySet<string>;
  readonly #kept = new Map<string, HandlerSeries>();

  constructor(handlers: readonly string[], methods: readonly string[]) {
    this.#handlers = new Set(handlers);
    this.#methods = new Set(methods);
  }

  /** Adds to the closed set. */
  declareHandler(handler: string): void {
    this.#handlers.add(handler);
  }

  /** A handler outside the set is `other`. */
  ofHandler(name: string): HandlerSeries {
    const handler = this.#handlers.has(name) ? name : OTHER;
    const kept = this.#kept.get(handler);
    if (kept) return kept;
    const series: HandlerSeries = { handler, byMethod: new Map(), sizes: null };
    this.#kept.set(handler, series);
    return series;
  }

  /** A method outside the set is `other`. */
  ofMethod({ handler, byMethod }: HandlerSeries, name: string): MethodSeries {
    const method = this.#methods.has(name) ? name : OTHER;
    const kept = byMethod.get(method);
    if (kept) return kept;
    const series: MethodSeries = { labels: { handler, method }, statusCounts: new Map(), inProgressCount: 0, duration: null };
    byMethod.set(method, series);
    return series;
  }

  all(): readonly MethodSeries[] {
    return [...this.#kept.values()].flatMap(({ byMethod }) => [...byMethod.values()]);
  }
}
