import { readFileSync } from 'node:fs';
import { z } from 'zod';

/* The fields that Grafana's schema version 39 needs of what we use; an unknown one is refused, for Grafana drops it without a word. */

const DataSource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${datasource}') });
const Grid = z.strictObject({ h: z.int().min(1), w: z.int().min(1).max(24), x: z.int().min(0).max(23), y: z.int().min(0) });
const Target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  expr: z.string().min(1),
  legendFormat: z.string().min(1),
  instant: z.literal(true).optional(),
  range: z.literal(false).optional(),
  format: z.literal('table').optional(),
});
const Thresholds = z.strictObject({ mode: z.literal('absolute'), steps: z.array(z.strictObject({ color: z.string(), value: z.number().nullable() })).min(1) });
const Defaults = z.strictObject({
  unit: z.enum(['short', 's', 'ops', 'reqps', 'bytes', 'percentunit', 'currencyUSD', 'dateTimeFromNow', 'none']),
  min: z.literal(0).optional(),
  decimals: z.int().optional(),
  noValue: z.string().min(1).optional(),
  thresholds: Thresholds,
  custom: z.record(z.string(), z.unknown()).optional(),
  mappings: z.array(z.object({ type: z.literal('value'), options: z.record(z.string(), z.object({ text: z.string(), color: z.string(), index: z.int() })) })).optional(),
});
const Row = z.strictObject({ id: z.int(), type: z.literal('row'), title: z.string(), collapsed: z.literal(false), gridPos: Grid, panels: z.tuple([]) });
const Chart = z.strictObject({
  id: z.int(),
  type: z.enum(['timeseries', 'stat', 'table', 'bargauge', 'state-timeline']),
  title: z.string().min(1),
  description: z.string().min(10),
  gridPos: Grid,
  datasource: DataSource,
  targets: z.array(Target).min(1),
  fieldConfig: z.strictObject({ defaults: Defaults, overrides: z.array(z.unknown()) }),
  options: z.record(z.string(), z.unknown()).optional(),
  transformations: z.array(z.object({ id: z.string(), options: z.unknown() })).optional(),
});
const Variable = z.object({
  name: z.string(),
  type: z.enum(['datasource', 'query']),
  query: z.union([z.literal('prometheus'), z.object({ query: z.string(), refId: z.string() })]),
  datasource: DataSource.optional(),
});

const Board = z.strictObject({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  schemaVersion: z.int().min(39),
  version: z.int(),
  editable: z.boolean(),
  graphTooltip: z.int(),
  timezone: z.string(),
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  timepicker: z.object({}),
  fiscalYearStartMonth: z.int(),
  weekStart: z.string(),
  links: z.tuple([]),
  annotations: z.strictObject({ list: z.array(z.object({ name: z.string(), expr: z.string().optional() })) }),
  templating: z.strictObject({ list: z.array(Variable) }),
  panels: z.array(z.discriminatedUnion('type', [Row, Chart])),
});

export type Chart = z.infer<typeof Chart>;

/** The dashboard, checked against what Grafana needs. */
export function readBoard() {
  const board = Board.parse(JSON.parse(readFileSync('deploy/grafana/adtrobot.json', 'utf8')));
  return { ...board, rows: board.panels.filter((panel) => panel.type === 'row'), charts: board.panels.filter((panel): panel is Chart => panel.type !== 'row') };
}
