import { describe, expect, it } from 'vitest';
import { METRIC_PREFIX } from '#server/metrics/definition.ts';
import { METRIC_DEFINITIONS } from '#server/metrics/definitions.ts';
import { HEALTH_STATE_VALUES } from '#server/metrics/health.ts';
import { readBoard } from '#tests/support/deploy/board.ts';
import { findUnknown, listKnownSeries, metricOf } from '#tests/support/deploy/known-series.ts';
import { fillVariables, parseQuery } from '#tests/support/deploy/promql.ts';
import { checkQueries } from '#tests/support/deploy/promtool.ts';
import { readRules } from '#tests/support/deploy/rules.ts';

const board = readBoard();
const rules = readRules();
const queries = board.charts.flatMap(({ title, targets }) => targets.map(({ expr, legendFormat }) => ({ title, expr: fillVariables(expr), legendFormat })));
const annotations = board.annotations.list.flatMap(({ expr }) => (expr === undefined ? [] : [fillVariables(expr)]));

/** The metrics of ours that a query rests on, through recording rules too. */
function metricsBehind(expr: string): readonly string[] {
  return parseQuery(expr).selectors.flatMap(({ metric }) => {
    const behind = rules.recordings.filter(({ record }) => record === metric);
    return behind.length > 0 ? behind.flatMap((rule) => metricsBehind(rule.expr)) : [metricOf(metric)];
  });
}

describe('the queries of the dashboard', () => {
  it('are taken by Prometheus', () => {
    expect(checkQueries([...queries.map(({ expr }) => expr), ...annotations])).toBe('');
  });

  it('name only metrics, labels and label values that exist, and so do their legends', async () => {
    const known = await listKnownSeries();
    const legendLabels = (legend: string) => [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    const faults = queries.flatMap(({ title, expr, legendFormat }) => findUnknown(parseQuery(expr), known, legendLabels(legendFormat)).map((fault) => `${title}: ${fault}`));
    expect(faults).toEqual([]);
    expect(annotations.flatMap((expr) => findUnknown(parseQuery(expr), known))).toEqual([]);
  });

  it('ask for the chosen job and for nobody else', () => {
    const open = queries.flatMap(({ title, expr }) =>
      parseQuery(expr).selectors.filter(({ metric, matchers }) => !/^(schedule:|ALERTS)/.test(metric) && !matchers.some(({ label }) => label === 'job')).map(({ metric }) => `${title}: ${metric}`),
    );
    expect(open).toEqual([]);
  });

  it('show every metric of ours, itself or what a rule records of it', () => {
    const used = new Set(queries.flatMap(({ expr }) => metricsBehind(expr)));
    expect(METRIC_DEFINITIONS.map(({ name }) => METRIC_PREFIX + name).filter((name) => !used.has(name))).toEqual([]);
  });

  it('that rest on what may be absent say so instead of "No data"', () => {
    const absent = new Set(METRIC_DEFINITIONS.filter(({ help }) => /absent/i.test(help)).map(({ name }) => METRIC_PREFIX + name));
    const silent = board.charts.filter(({ targets, fieldConfig }) => {
      const metrics = targets.flatMap(({ expr }) => metricsBehind(fillVariables(expr)));
      return metrics.some((metric) => absent.has(metric)) && fieldConfig.defaults.noValue === undefined;
    });
    expect(absent.size).toBeGreaterThan(5);
    expect(silent.map(({ title }) => title)).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('has the rows that people look for', () => {
    expect(board.rows.map(({ title }) => title)).toEqual(['Overview', 'Bot', 'AI and money', 'Web', 'Jobs and schedules', 'Health', 'Process']);
  });

  it('lets choose data source, job and process, and reads them from a metric that exists', () => {
    expect(board.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
    expect(JSON.stringify(board.templating.list)).toContain('label_values(adtrobot_build_info');
  });

  it('gives every panel an id of its own and a place that no other has', () => {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of board.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.get(`${x}/${y}`), title).toBeUndefined();
          taken.set(`${x}/${y}`, title);
        }
      }
    }
  });

  it('has thresholds that begin open and rise, and queries that are told apart', () => {
    for (const { title, targets, fieldConfig } of board.charts) {
      const [first, ...others] = fieldConfig.defaults.thresholds.steps.map(({ value }) => value);
      expect(first, title).toBeNull();
      expect(others, title).toEqual(others.toSorted((one, other) => Number(one) - Number(other)));
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      expect(new Set(targets.map(({ legendFormat }) => legendFormat)).size, title).toBe(targets.length);
    }
  });

  it('has words for every state of a check', () => {
    const mappings = board.charts.flatMap(({ fieldConfig }) => fieldConfig.defaults.mappings ?? []);
    const words = mappings.flatMap(({ options }) => Object.entries(options).map(([value, { text }]) => [text, Number(value)] as const));
    expect(Object.fromEntries(words)).toEqual(HEALTH_STATE_VALUES);
  });
});

describe('the check of queries', () => {
  it.each([
    ['adtrobot_gone_total', 'no series is named adtrobot_gone_total'],
    ['adtrobot_bot_updates_total{color="red"}', 'has no label color'],
    ['adtrobot_bot_updates_total{outcome=~"ok|lost"}', 'has no outcome="lost"'],
    ['sum by (colour) (adtrobot_bot_updates_total)', 'none of its series has the label colour'],
    ['sum by (job) (rate(adtrobot_bot_update_age_seconds_bucket{handler="tarot"}[5m]))', 'has no label handler'],
    ['adtrobot_jobs_total{job="adtrobot",exported_job="gone"}', 'has no exported_job="gone"'],
    ['adtrobot_scheduler_runs_total{schedule="gone"}', 'has no schedule="gone"'],
  ])('refuses %s', async (query, fault) => {
    expect(findUnknown(parseQuery(query), await listKnownSeries())).toEqual([expect.stringContaining(fault)]);
  });

  it('refuses what is not PromQL, in both readings', () => {
    expect(() => parseQuery('sum by (job) (rate(x[5m])')).toThrow('not PromQL');
    expect(checkQueries(['sum by (job) (rate(x)'])).toContain('could not parse expression');
  });
});
