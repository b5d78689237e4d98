import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { createLlmClient } from '#server/ai/create-llm-client.ts';
import { createSchedules } from '#server/jobs/schedules.ts';
import { systemClock } from '#server/lib/clock.ts';
import { findUnknown, listKnownSeries } from '#tests/support/deploy/known-series.ts';
import { parseQuery } from '#tests/support/deploy/promql.ts';
import { runPromtool } from '#tests/support/deploy/promtool.ts';
import { readRules, readRuleTests, RULE_FILES, RULE_TEST_FILES } from '#tests/support/deploy/rules.ts';

const { alerts, recordings } = readRules();
const ruleTests = readRuleTests();
/** Days of samples at a minute's step take seconds, more on a busy machine. */
const RULE_TEST_TIMEOUT_MS = 120_000;

describe('the rules for Prometheus', () => {
  it('pass promtool check rules', () => {
    expect(runPromtool('check', 'rules', ...RULE_FILES)).toBe('');
  });

  it.each(RULE_TEST_FILES)('do what %s says', { timeout: RULE_TEST_TIMEOUT_MS }, (path) => {
    expect(runPromtool('test', 'rules', path)).toBe('');
  });

  it('are tested with every alert firing in a case and silent in another', () => {
    const cases = ruleTests.flatMap((test) => test.alert_rule_test);
    const fired = new Set(cases.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname));
    const silent = new Set(cases.filter(({ exp_alerts }) => exp_alerts.length === 0).map(({ alertname }) => alertname));
    const names = alerts.map(({ alert }) => alert);
    expect(names.filter((name) => !fired.has(name))).toEqual([]);
    expect(names.filter((name) => !silent.has(name))).toEqual([]);
    expect([...fired, ...silent].filter((name) => !names.includes(name))).toEqual([]);
  });

  it('name only metrics, labels and label values that exist, and so do their tests', async () => {
    const known = await listKnownSeries();
    const faults = [...alerts, ...recordings].flatMap((rule) => findUnknown(parseQuery(rule.expr), known).map((fault) => `${'alert' in rule ? rule.alert : rule.record}: ${fault}`));
    expect(faults).toEqual([]);
    const values = /\{[^}]*(model|operation)="[^"]*"/;
    const series = ruleTests.flatMap((test) => test.input_series.map((input) => input.series));
    expect(series.filter((one) => !values.test(one)).flatMap((one) => findUnknown(parseQuery(one), known))).toEqual([]);
  });

  it('are told of as level:metric:operations, the level being what the rule keeps', () => {
    for (const { record, expr } of recordings) {
      expect(record).toMatch(/^[a-z_]+:adtrobot_[a-z_]+:[a-z_]+(\d+[mhd])?$/);
      const [level = ''] = record.split(':');
      const kept = /by \(([^)]*)\)/.exec(expr)?.[1]?.replaceAll(', ', '_');
      expect(kept ?? 'schedule', record).toBe(level);
    }
  });

  it('know every schedule and when it is due again', () => {
    const { db } = openDatabase({ url: 'postgres://127.0.0.1:1/none' });
    const llm = createLlmClient({ baseUrl: 'http://127.0.0.1:9', apiKey: 'sk-or-v1-test-0123456789', managementKey: 'sk-or-v1-management' });
    const drift = { llm, onMeasured: () => undefined };
    const schedules = createSchedules({ db, llm, drift, clock: systemClock, reportingTimeZone: 'UTC', budgetsUrl: 'http://localhost:3000', overviewUrl: 'http://localhost:3000/monitoring', retention: { interactions: 0, ledger: 0 }, onDeleted: () => undefined, sendToOwner: null });
    const told = recordings.filter(({ record }) => record === 'schedule:adtrobot_interval:seconds').map(({ labels, expr }) => `${labels?.['schedule']} ${expr}`);
    expect(told.toSorted()).toEqual(schedules.map(({ name, intervalSeconds }) => `${name} vector(${intervalSeconds})`).toSorted());
  });
});

describe('an alert', () => {
  it('shows its value, and where to read on', () => {
    const faults = alerts.filter(({ annotations }) => !annotations.description.includes('$value'));
    expect(faults.map(({ alert }) => alert)).toEqual([]);
  });

  it('has a section of its own in the runbook, and no section is left over', () => {
    const runbook = readFileSync('docs/operations/runbook.md', 'utf8');
    const sections = [...runbook.matchAll(/^### (Adtrobot\w+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const { alert, annotations } of alerts) expect(annotations.runbook_url).toBe(`docs/operations/runbook.md#${alert.toLowerCase()}`);
  });

  it('keeps to names of its own, and waits before it wakes anybody unless its query does', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    const atOnce = alerts.filter((alert) => alert.for === undefined && !/\[\d+[hd]\]|increase\d|ratio_rate/.test(alert.expr));
    expect(atOnce.map(({ alert }) => alert)).toEqual([]);
  });
});
