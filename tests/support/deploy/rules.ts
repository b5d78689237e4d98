import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const Alert = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']), slo: z.string().optional() }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.string() }),
});
const Recording = z.strictObject({ record: z.string(), expr: z.string(), labels: z.record(z.string(), z.string()).optional() });
const RuleFile = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(z.union([Alert, Recording])) })) });
const RuleTests = z.object({
  rule_files: z.array(z.string()),
  tests: z.array(
    z.object({
      name: z.string(),
      input_series: z.array(z.object({ series: z.string() })),
      alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});

export type Alert = z.infer<typeof Alert>;
export type Recording = z.infer<typeof Recording>;

const listYaml = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.yml')).sort().map((name) => `${dir}/${name}`);

export const RULE_FILES = listYaml('deploy/prometheus/rules');
export const RULE_TEST_FILES = listYaml('deploy/prometheus/tests');

/** Every rule of ours, in the order of files. */
export function readRules(): { readonly alerts: readonly Alert[]; readonly recordings: readonly Recording[] } {
  const rules = RULE_FILES.flatMap((path) => RuleFile.parse(parse(readFileSync(path, 'utf8'))).groups.flatMap((group) => group.rules));
  return { alerts: rules.filter((rule) => 'alert' in rule), recordings: rules.filter((rule) => 'record' in rule) };
}

/** Every case of the rules' own tests. */
export function readRuleTests() {
  return RULE_TEST_FILES.flatMap((path) => RuleTests.parse(parse(readFileSync(path, 'utf8'))).tests);
}
