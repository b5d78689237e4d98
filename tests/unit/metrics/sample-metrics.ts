import { createMetrics, type Metrics, type MetricsOptions } from '#server/metrics/create-metrics.ts';

export const MODEL = 'google/gemini-2.5-flash';

/** Metrics as a server would make them. */
export function sampleMetrics(overrides: Partial<MetricsOptions> = {}): Metrics {
  return createMetrics({ version: '1.2.3', commit: 'abc', nodeVersion: 'v24.21.0', models: [MODEL], schedules: ['refresh_prices'], ...overrides });
}

/** The samples of a text exposition: name and labels as printed, and the value. */
export function parseSamples(body: string): Map<string, string> {
  const samples = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
}

export async function renderSamples(metrics: Metrics): Promise<Map<string, string>> {
  return parseSamples((await metrics.render(null)).body);
}
