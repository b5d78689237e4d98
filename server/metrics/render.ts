import { SingleFlight } from '#server/lib/single-flight.ts';
import type { RenderedMetrics } from '#server/contracts/load-context.ts';
import { chooseFormat, type ExpositionFormat } from './accept.ts';
import { toOpenMetrics } from './openmetrics.ts';

const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** How long a rendering is served again. Two scrapers then cost one, and event-loop percentiles are not reset twice. */
const CACHE_MS = 1_000;

/** Makes the function behind `/metrics`: single flight, cached for a second, both formats from the same rendering. */
export function createRenderer(
  renderText: () => Promise<string>,
  monotonicMs: () => number = () => performance.now(),
): (accept: string | null) => Promise<RenderedMetrics> {
  const flight = new SingleFlight<Record<ExpositionFormat, string>>();
  let cached: { readonly bodies: Record<ExpositionFormat, string>; readonly renderedAtMs: number } | undefined;

  const renderBodies = async () => {
    const text = await renderText();
    const bodies = { text, openmetrics: toOpenMetrics(text) };
    cached = { bodies, renderedAtMs: monotonicMs() };
    return bodies;
  };

  return async (accept) => {
    const format = chooseFormat(accept);
    const isFresh = cached !== undefined && monotonicMs() - cached.renderedAtMs < CACHE_MS;
    const bodies = isFresh && cached ? cached.bodies : await flight.run('text', renderBodies);
    return { body: bodies[format], contentType: CONTENT_TYPES[format] };
  };
}
