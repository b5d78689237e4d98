import { expect, test } from 'vitest';
import { findBanned, findProcessUse } from '#tests/support/architecture/bans.ts';
import { loadSources, parseSource } from '#tests/support/architecture/source.ts';

test('no any, no lying cast, no silenced compiler, no module mock, no skipped test, nothing left to do', () => {
  expect(loadSources('app', 'server', 'db', 'scripts', 'tests').flatMap(findBanned)).toEqual([]);
});

test('only server/config.ts reads the environment, only the entries end the process', () => {
  expect(loadSources('app', 'server', 'db').flatMap(findProcessUse)).toEqual([]);
});

test.each([
  ['const x: any = 1;', 'any'],
  ['const x = y as unknown as string;', 'a cast that lies'],
  ['const x = y as never;', 'a cast that lies'],
  [`vi.mock('./x.ts');`, 'a module mock'],
  [`vi.doMock('./x.ts');`, 'a module mock'],
  [`test.skip('x', () => {});`, 'a skipped or focused test'],
  [`describe.only('x', () => {});`, 'a skipped or focused test'],
  [`test.concurrent.skip('x', () => {});`, 'a skipped or focused test'],
  [`it.todo('x');`, 'a skipped or focused test'],
  [`// ${'@ts-'}ignore\nx();`, 'ignore in a comment'],
  [`/* ${'@ts-'}expect-error */ x();`, 'expect-error in a comment'],
  [`x(); // ${'TO'}${'DO'} later`, 'in a comment'],
])('the check refuses %s', (text, reason) => {
  expect(findBanned(parseSource('server/a.ts', text))).toEqual([expect.stringContaining(reason)]);
});

test.each(['const any = 1;', `stream.skip(1);`, `const text = '${'TO'}${'DO'}';`, 'const x = y as string;', 'const x = [] as const;'])(
  'the check lets pass %s',
  (text) => {
    expect(findBanned(parseSource('server/a.ts', text))).toEqual([]);
  },
);

test.each([
  ['server/a.ts', 'const x = process.env.PORT;'],
  ['server/a.ts', `import { env } from 'node:process';`],
  ['server/index.ts', 'const x = process.env.PORT;'],
  ['server/config.ts', 'process.exit(1);'],
  ['server/sandbox/crowd/run.ts', 'process.exit(1);'],
])('the check refuses, in %s, %s', (path, text) => {
  expect(findProcessUse(parseSource(path, text))).toHaveLength(1);
});

test.each([
  ['server/config.ts', 'const x = process.env;'],
  ['server/index.ts', 'process.exit(0);'],
  ['server/sandbox/crowd/main.ts', 'process.exit(0);'],
  ['server/a.ts', `import { hrtime } from 'node:process';`],
])('the check lets pass, in %s, %s', (path, text) => {
  expect(findProcessUse(parseSource(path, text))).toEqual([]);
});
