import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SingleFlight } from '#server/lib/single-flight.ts';
import type { RenderedMetrics } from '#server/contracts/load-context.ts';
import { acceptsGzip, chooseFormat, type ExpositionFormat } from './accept.ts';
import { toOpenMetrics } from './openmetrics.ts';

const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** How long a rendering is served again. Two scrapers then cost one, and event-loop percentiles are not reset twice. */
const CACHE_MS = 1_000;
/** Level 6 takes five times as long for two per cent less. */
const GZIP_LEVEL = 3;
const compress = promisify(gzip);

interface Encodings {
  readonly plain: RenderedMetrics;
  /** Made when first asked for. */
  gzipped(): Promise<RenderedMetrics>;
}

interface Rendering {
  readonly renderedAtMs: number;
  readonly formats: Readonly<Record<ExpositionFormat, () => Encodings>>;
}

/** Answers a scrape by what its `Accept` and `Accept-Encoding` say. */
export type RenderMetrics = (accept: string | null, acceptEncoding?: string | null) => Promise<RenderedMetrics>;

/** Makes a value when first asked, once. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function encode(body: string, contentType: string): Encodings {
  const bytes = new TextEncoder().encode(body);
  const gzipped = lazy(async () => ({ body, bytes: new Uint8Array(await compress(bytes, { level: GZIP_LEVEL })), contentType, contentEncoding: 'gzip' as const }));
  return { plain: { body, bytes, contentType, contentEncoding: null }, gzipped };
}

/**
 * Makes the function behind `/metrics`: single flight, cached for a second; both formats come from the same rendering, and
 * each is converted, encoded and compressed once at most, when first asked for. `isKept` false: the source keeps it for all
 * who ask, and a second memory here would only be older.
 */
export function createRenderer(
  renderText: () => Promise<string>,
  monotonicMs: () => number = () => performance.now(),
  isKept: () => boolean = () => true,
): RenderMetrics {
  const flight = new SingleFlight<Rendering>();
  let cached: Rendering | undefined;

  const render = async (): Promise<Rendering> => {
    const text = await renderText();
    cached = {
      renderedAtMs: monotonicMs(),
      formats: {
        text: lazy(() => encode(text, CONTENT_TYPES.text)),
        openmetrics: lazy(() => encode(toOpenMetrics(text), CONTENT_TYPES.openmetrics)),
      },
    };
    return cached;
  };

  return async (accept, acceptEncoding = null) => {
    const isFresh = isKept() && cached !== undefined && monotonicMs() - cached.renderedAtMs < CACHE_MS;
    const rendering = isFresh && cached ? cached : await flight.run('text', render);
    const encodings = rendering.formats[chooseFormat(accept)]();
    return acceptsGzip(acceptEncoding) ? encodings.gzipped() : encodings.plain;
  };
}
