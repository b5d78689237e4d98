import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ANTD_COMPONENTS } from '#app/styles/antd-components.ts';

/** Imports from antd that have no styles of their own. */
const WITHOUT_STYLES = ['ConfigProvider', 'theme'];

function findAntdImports(): string[] {
  const names = globSync('app/**/*.{ts,tsx}').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/import \{([^}]+)\} from 'antd'/g)].flatMap(([, list = '']) => list.split(',')),
  );
  const values = names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
  return [...new Set(values)].filter((name) => !WITHOUT_STYLES.includes(name)).sort();
}

test('CSS is generated for exactly the antd components that the pages import', () => {
  expect(findAntdImports()).toEqual([...ANTD_COMPONENTS].sort());
});
