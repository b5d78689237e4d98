export type ExpositionFormat = 'text' | 'openmetrics';

const HEADER_LENGTH_MAX = 1_000;
const Q_VALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

interface MediaRange {
  readonly type: string;
  readonly version: string | null;
  readonly quality: number;
}

function parseMediaRange(text: string): MediaRange | null {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(type)) return null;
  let version: string | null = null;
  let quality = 1;
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim());
    if (name === 'version') version = value.replaceAll('"', '');
    if (name === 'q') {
      if (!Q_VALUE.test(value)) return null;
      quality = Number(value);
    }
  }
  return { type, version, quality };
}

/** Quality of the most specific range that covers a format, and how specific that range is. */
function rank(ranges: readonly MediaRange[], type: string, version: string): { quality: number; specificity: number } {
  let best = { quality: 0, specificity: -1 };
  for (const range of ranges) {
    const isExact = range.type === type && (range.version === null || range.version === version);
    const specificity = isExact ? (range.version === null ? 2 : 3) : range.type === `${type.split('/')[0]}/*` ? 1 : range.type === '*/*' ? 0 : -1;
    if (specificity > best.specificity) best = { quality: range.quality, specificity };
  }
  return best;
}

/**
 * Chooses OpenMetrics only when a well-formed `Accept` prefers it to text 0.0.4, or names it where text is only covered
 * by a wildcard; anything else, no header and nonsense included, is answered with text 0.0.4.
 */
export function chooseFormat(accept: string | null): ExpositionFormat {
  if (accept === null || accept.length > HEADER_LENGTH_MAX) return 'text';
  const ranges: MediaRange[] = [];
  for (const part of accept.split(',')) {
    const range = parseMediaRange(part.trim());
    if (range === null) return 'text';
    ranges.push(range);
  }
  const openMetrics = rank(ranges, 'application/openmetrics-text', '1.0.0');
  const text = rank(ranges, 'text/plain', '0.0.4');
  if (openMetrics.specificity < 2 || openMetrics.quality === 0) return 'text';
  if (openMetrics.quality !== text.quality) return openMetrics.quality > text.quality ? 'openmetrics' : 'text';
  return text.specificity < 2 ? 'openmetrics' : 'text';
}

/** Whether a well-formed `Accept-Encoding` takes gzip: by its name or, where that is not said, by `*`. Without one nothing is compressed. */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  if (acceptEncoding === null || acceptEncoding.length > HEADER_LENGTH_MAX) return false;
  const qualities = new Map<string, number>();
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const value = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
    if (!Q_VALUE.test(value)) return false;
    qualities.set(coding, Number(value));
  }
  return (qualities.get('gzip') ?? qualities.get('*') ?? 0) > 0;
}
