import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONFIG_KEYS } from '#server/config.ts';
import { METRIC_PREFIX } from '#server/metrics/definition.ts';
import { METRIC_DEFINITIONS } from '#server/metrics/definitions.ts';
import { compareNames, findDeadPaths, readRowNames, readTableRows } from '#tests/support/architecture/documents.ts';
import { listFiles } from '#tests/support/architecture/source.ts';

const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';

test('every metric of ours has a row in the table "Metrics" of README, and every row a metric', () => {
  const rows = readRowNames(readTableRows(readme, 'Metrics')).filter((name) => name.startsWith(METRIC_PREFIX));
  const metrics = METRIC_DEFINITIONS.map(({ name }) => METRIC_PREFIX + name);
  expect(compareNames(metrics, rows, 'the table "Metrics" of README.md')).toEqual([]);
});

test('the row of a metric names its labels', () => {
  const rows = readTableRows(readme, 'Metrics').map((cells) => cells.join(' '));
  const faults = METRIC_DEFINITIONS.flatMap(({ name, labels }) => {
    const row = rows.find((text) => new RegExp(`\\b${METRIC_PREFIX}${name}\\b`).test(text)) ?? '';
    return Object.keys(labels).filter((label) => !row.includes(label)).map((label) => `${METRIC_PREFIX}${name}: README does not name its label ${label}.`);
  });
  expect(faults).toEqual([]);
});

test('every variable that configures the server has a row in the table "Configuration" of README, and every row a variable', () => {
  const rows = readRowNames(readTableRows(readme, 'Configuration'));
  expect(compareNames([...CONFIG_KEYS], rows, 'the table "Configuration" of README.md')).toEqual([]);
});

test('every path that the documents name exists', () => {
  const documents = [...listFiles('docs').filter((path) => path.endsWith('.md')), ...(existsSync('README.md') ? ['README.md'] : [])];
  expect(documents.flatMap((path) => findDeadPaths(path, readFileSync(path, 'utf8'), existsSync))).toEqual([]);
});

const TABLE = '# A\n## Configuration\n\n| Name | Is |\n|---|---|\n| `PORT` | a port |\n| `HOST{x}` | a host |\n## B\n| `OTHER` | no |\n';

test('the check reads the names of one section only', () => {
  expect(readRowNames(readTableRows(TABLE, 'Configuration'))).toEqual(['PORT', 'HOST']);
  expect(readTableRows(TABLE, 'Absent')).toEqual([]);
});

test('the check finds what is missing, left over or twice', () => {
  expect(compareNames(['A', 'B'], ['B', 'C', 'B'], 'the table')).toEqual([
    expect.stringContaining('A is in the code, not in the table'),
    expect.stringContaining('C is in the table, not in the code'),
    expect.stringContaining('B is in the table twice'),
  ]);
  expect(compareNames(['A'], ['A'], 'the table')).toEqual([]);
});

test('the check finds a dead path in backticks and in a link, and passes over patterns, addresses and examples', () => {
  const text = 'See `server/gone.ts`, [here](../gone.md), `server/<area>/`, `db/*.ts`, [there](https://example.org), [on](#x).\n```\n`db/no.ts`\n```\n';
  expect(findDeadPaths('docs/operations/a.md', text, () => false)).toEqual([
    expect.stringContaining('names server/gone.ts'),
    expect.stringContaining('names docs/gone.md'),
  ]);
  expect(findDeadPaths('docs/operations/a.md', text, () => true)).toEqual([]);
});
