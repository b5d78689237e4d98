import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findFeatureImports, findForbiddenImports, findForeignPackages, readArrows, roomOf } from '#tests/support/architecture/arrows.ts';
import { findCycles } from '#tests/support/architecture/cycles.ts';
import { listImports } from '#tests/support/architecture/imports.ts';
import { loadSources, parseSource } from '#tests/support/architecture/source.ts';

const imports = loadSources('app', 'server', 'db', 'scripts').flatMap(listImports);
const arrows = readArrows(readFileSync('docs/architecture.md', 'utf8'));

test('no import goes where docs/architecture.md draws no arrow', () => {
  expect(findForbiddenImports(imports, arrows)).toEqual([]);
});

test('no files load one another in a circle', () => {
  expect(findCycles(imports)).toEqual([]);
});

test('no feature of the app imports another', () => {
  expect(findFeatureImports(imports)).toEqual([]);
});

test('contracts import zod only, so that they run in browser and server alike', () => {
  expect(findForeignPackages(imports, 'server/contracts', ['zod'])).toEqual([]);
});

test('only server/metrics makes metrics, so that README can name them all', () => {
  const outside = imports.filter(({ specifier, from, isTypeOnly }) => specifier === 'prom-client' && !isTypeOnly && roomOf(from) !== 'server/metrics');
  expect(outside.map(({ from }) => `${from} imports prom-client. Define the metric in server/metrics and take it as an argument.`)).toEqual([]);
});

const fixtureArrows = readArrows('```arrows\napp -> server/trpc (types), server/contracts\nserver/compose -> server/*, db\ndb ->\n```');

function forbidden(path: string, text: string): readonly string[] {
  return findForbiddenImports(listImports(parseSource(path, text)), fixtureArrows);
}

test.each([
  ['app/a.ts', `import { x } from '#server/trpc/router.ts';`, 'for types only'],
  ['app/a.ts', `import { type X } from '#server/trpc/router.ts';`, 'for types only'],
  ['app/a.ts', `export { x } from '#server/bot/y.ts';`, 'no arrow app -> server/bot'],
  ['app/a.ts', `const y = await import('#server/bot/y.ts');`, 'no arrow app -> server/bot'],
  ['app/a.ts', `type Y = import('#server/bot/y.ts').Y;`, 'no arrow app -> server/bot'],
  ['app/a/b.ts', `import '../../db/client.ts';`, 'no arrow app -> db'],
  ['db/a.ts', `import type { X } from '#server/contracts/x.ts';`, 'no arrow db -> server/contracts'],
  ['db/a.ts', `import { x } from '#tests/support/x.ts';`, 'nothing imports tests'],
  ['db/a.ts', `import packageJson from '../package.json' with { type: 'json' };`, 'no arrow db -> package.json'],
  ['server/new/a.ts', `import { x } from '#db/x.ts';`, 'no line in docs/architecture.md'],
])('the check refuses, in %s, %s', (path, text, reason) => {
  expect(forbidden(path, text)).toEqual([expect.stringContaining(reason)]);
});

test.each([
  ['app/a.ts', `import type { AppRouter } from '#server/trpc/router.ts';`],
  ['app/a.ts', `import { x } from '#server/contracts/x.ts'; import y from './y.ts'; import React from 'react';`],
  ['db/a.ts', `import { AppError } from '#server/errors.ts';`],
  ['server/compose.ts', `import { x } from '#server/bot/x.ts'; import { y } from '#db/client.ts';`],
  ['server/index.ts', `import packageJson from '../package.json' with { type: 'json' };`],
  ['tests/a.ts', `import { x } from '#server/bot/x.ts';`],
])('the check lets pass, in %s, %s', (path, text) => {
  expect(forbidden(path, text)).toEqual([]);
});

test('the check refuses a document without arrows and a line that is none', () => {
  expect(() => readArrows('# nothing')).toThrow('no block');
  expect(() => readArrows('```arrows\napp => db\n```')).toThrow('Not an arrow');
});

test('the check finds a circle of values, and none of types', () => {
  const circle = (keyword: string): readonly string[] =>
    findCycles([
      ...listImports(parseSource('db/a.ts', `${keyword} { b } from './b.ts';`)),
      ...listImports(parseSource('db/b.ts', `${keyword} { c } from './c.ts';`)),
      ...listImports(parseSource('db/c.ts', `import { a } from '#db/a.ts';`)),
    ]);
  expect(circle('import')).toEqual([expect.stringContaining('db/a.ts -> db/b.ts -> db/c.ts -> db/a.ts')]);
  expect(circle('import type')).toEqual([]);
});

test('the check finds an import from one feature into another, and a package in the contracts', () => {
  const feature = listImports(parseSource('app/features/costs/a.ts', `import { x } from '../users/x.ts'; import { y } from './y.ts';`));
  expect(findFeatureImports(feature)).toHaveLength(1);
  const contract = listImports(parseSource('server/contracts/a.ts', `import { z } from 'zod'; import { sql } from 'drizzle-orm';`));
  expect(findForeignPackages(contract, 'server/contracts', ['zod'])).toEqual([expect.stringContaining('drizzle-orm')]);
});
