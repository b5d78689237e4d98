import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRenderer } from '#server/metrics/render.ts';
import { parseSamples, sampleMetrics, MODEL } from './sample-metrics.ts';

const OPENMETRICS = 'application/openmetrics-text;version=1.0.0';

/** Reads OpenMetrics strictly enough to see what Prometheus would refuse; returns the families and their sample names. */
function parseOpenMetrics(body: string) {
  expect(body.endsWith('\n# EOF\n')).toBe(true);
  const families = new Map<string, { type: string; samples: string[] }>();
  let current: { type: string; samples: string[] } | undefined;
  let currentName = '';
  for (const line of body.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment) {
      const [, keyword, name = '', rest = ''] = comment;
      if (keyword === 'HELP') {
        expect(families.has(name), `${name} stands twice`).toBe(false);
        expect(rest).not.toMatch(/(?<!\\)"/);
        current = { type: '', samples: [] };
        currentName = name;
        families.set(name, current);
      } else {
        expect(name).toBe(currentName);
        if (current) current.type = rest;
      }
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(\{[^}]*\})? (\S+)$/.exec(line);
    expect(sample, `not a sample: ${line}`).not.toBeNull();
    const [, name = '', , value = ''] = sample ?? [];
    expect(value).toMatch(/^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?inf|nan)$/i);
    expect(name.startsWith(currentName)).toBe(true);
    current?.samples.push(name.slice(currentName.length));
  }
  return families;
}

describe('render', () => {
  it('gives text 0.0.4 with its media type by default', async () => {
    const { body, contentType } = await sampleMetrics().render(null);
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body.endsWith('\n')).toBe(true);
    expect(body).toContain('# TYPE adtrobot_ai_requests_total counter');
  });

  it('gives valid OpenMetrics 1.0 when asked', async () => {
    const { body, contentType } = await sampleMetrics().render(OPENMETRICS);
    expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const families = parseOpenMetrics(body);
    expect(families.get('adtrobot_ai_requests')).toMatchObject({ type: 'counter' });
    for (const [name, { type, samples }] of families) {
      if (type === 'counter') expect(new Set(samples), name).toEqual(new Set(samples.length > 0 ? ['_total'] : []));
      if (type === 'gauge') expect(samples.filter((suffix) => suffix !== ''), name).toEqual([]);
      if (type === 'histogram') expect(samples.filter((suffix) => !['_bucket', '_sum', '_count'].includes(suffix)), name).toEqual([]);
      expect(['counter', 'gauge', 'histogram', 'summary', 'unknown']).toContain(type);
    }
  });

  it('keeps counter names in text right after OpenMetrics was asked for, and the same samples in both', async () => {
    const metrics = sampleMetrics();
    metrics.ai.recordGeneration({ operation: 'horoscope', model: MODEL, status: 'settled', durationMs: 700, usage: null, costUsd: '0.000000000001', costSource: 'estimated' });
    const open = await metrics.render(OPENMETRICS);
    const text = await metrics.render(null);
    expect(text.body).toContain('# TYPE adtrobot_requests_total counter');
    expect(parseSamples(open.body)).toEqual(parseSamples(text.body));
    expect(parseSamples(open.body).get(`adtrobot_ai_cost_dollars_total{operation="horoscope",model="${MODEL}"}`)).toBe('1e-12');
  });

  it('renders once for ten thousand scrapes at the same time, and again after a second', async () => {
    let nowMs = 0;
    let renderings = 0;
    const render = createRenderer(
      async () => {
        renderings += 1;
        return `a ${renderings}\n`;
      },
      () => nowMs,
    );
    await Promise.all(Array.from({ length: 10_000 }, () => render(null)));
    nowMs = 999;
    await render(OPENMETRICS);
    expect(renderings).toBe(1);
    nowMs = 1_001;
    expect((await render(null)).body).toBe('a 2\n');
  });

  it('tries again after a rendering that failed', async () => {
    let renderings = 0;
    const render = createRenderer(() => {
      renderings += 1;
      return renderings === 1 ? Promise.reject(new Error('no')) : Promise.resolve('a 1\n');
    });
    await expect(render(null)).rejects.toThrow('no');
    expect((await render(null)).body).toBe('a 1\n');
  });

  it('compresses each format once, when first asked, for all who take gzip', async () => {
    let renderings = 0;
    const page = '# HELP a_total a\n# TYPE a_total counter\na_total 1\n';
    const render = createRenderer(() => {
      renderings += 1;
      return Promise.resolve(page);
    });
    const [one, other, open, plain] = await Promise.all([render(null, 'gzip'), render('*/*', 'br, gzip'), render(OPENMETRICS, 'gzip'), render(null, 'identity')]);
    expect(one.bytes).toBe(other.bytes);
    expect((await render(null, 'gzip')).bytes).toBe(one.bytes);
    expect([one.contentEncoding, open.contentEncoding, plain.contentEncoding]).toEqual(['gzip', 'gzip', null]);
    expect(gunzipSync(one.bytes).toString()).toBe(page);
    expect(gunzipSync(open.bytes).toString()).toBe(open.body);
    expect(Buffer.from(plain.bytes).toString()).toBe(page);
    expect(renderings).toBe(1);
  });

  it('keeps nothing where its source does, and still asks once for all who ask at the same time', async () => {
    let renderings = 0;
    const render = createRenderer(
      () => {
        renderings += 1;
        return Promise.resolve(`a ${renderings}\n`);
      },
      () => 0,
      () => false,
    );
    const together = await Promise.all([render(null), render(null)]);
    expect(together.map(({ body }) => body)).toEqual(['a 1\n', 'a 1\n']);
    expect((await render(null)).body).toBe('a 2\n');
  });

  it('says in every exposition when it was rendered, also in one that is shown again', async () => {
    let nowMs = 1_700_000_000_000;
    const metrics = sampleMetrics({ nowMs: () => nowMs });
    const shown = async () => parseSamples((await metrics.render(null)).body).get('adtrobot_rendered_timestamp_seconds');
    expect(await shown()).toBe('1700000000');
    nowMs += 500;
    expect(await shown()).toBe('1700000000');
  });
});
