import { extractStyle } from '@ant-design/static-style-extract';
import { ConfigProvider, theme, type ThemeConfig } from 'antd';
import { writeFileSync } from 'node:fs';
import { createElement } from 'react';
import { transformWithEsbuild } from 'vite';
import { ANTD_COMPONENTS } from './antd-components.ts';
import { CSS_VARIABLE_KEY, DARK_THEME_TOKENS, THEME_TOKENS } from './theme.ts';

/*
 * Writes `antd.gen.css`: the rules of the components in use, and antd's variables for the light and the dark theme.
 * The two differ in variables only, so one set of rules serves both, and switching the theme renders nothing anew.
 */
const DARK_KEY = `${CSS_VARIABLE_KEY}-dark`;

/** What Vite builds for unless told otherwise. */
const BROWSERS = ['chrome87', 'edge88', 'firefox78', 'safari14'];

function generate(key: string, themeConfig: ThemeConfig): string {
  return extractStyle({
    includes: ANTD_COMPONENTS,
    customTheme: (node) => createElement(ConfigProvider, { theme: { ...themeConfig, hashed: false, cssVar: { key } } }, node),
  });
}

/** The variable blocks of the dark theme, under the given prefix of the selector. */
function darkVariables(css: string, prefix: string): string {
  return css
    .split('}')
    .filter((rule) => rule.trimStart().startsWith(`.${DARK_KEY}`))
    .map((rule) => `${rule.trimStart().replaceAll(`.${DARK_KEY}`, `${prefix} .${CSS_VARIABLE_KEY}`)}}`)
    .join('');
}

const light = generate(CSS_VARIABLE_KEY, { token: THEME_TOKENS });
const dark = generate(DARK_KEY, { token: DARK_THEME_TOKENS, algorithm: theme.darkAlgorithm });
const css = [
  light,
  darkVariables(dark, ':root[data-theme="dark"]'),
  `@media (prefers-color-scheme:dark){${darkVariables(dark, ':root[data-theme="system"]')}}`,
].join('\n');

// The server's build aims at Node and would leave out the prefixes that the browser's adds: two files, the second fetched on the first navigation.
const { code } = await transformWithEsbuild(css, 'antd.gen.css', { loader: 'css', target: BROWSERS, minify: true });
writeFileSync(new URL('antd.gen.css', import.meta.url), code);
