import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Linear colours as eyes see them that lack one kind of cones, wholly (Machado, Oliveira and Fernandes, 2009). */
const EYES = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
} as const;
/** The accents as they arrive in the browser. */
const THEMES = { light: { primary: '#4f46b8', ground: '#ffffff', rule: ':root {' }, dark: { primary: '#6b62c1', ground: '#191b21', rule: ":root[data-theme='dark'] {" } } as const;
/** Parts that stand in one chart together. */
const SERIES = ['first', 'second', 'third', 'fourth', 'fifth', 'rest'];
const ENDS = ['good', 'warn', 'bad', 'rest'];
/** In CIELAB 2.3 is just seen; parts of a chart need far more. */
const DISTANCE_MIN = 15;
/** What WCAG asks of graphics. */
const CONTRAST_MIN = 3;

const css = readFileSync('app/styles/charts.css', 'utf8');

function readPalette(theme: keyof typeof THEMES): Map<string, string> {
  const { primary, rule } = THEMES[theme];
  const start = css.indexOf(rule);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map([['first', primary], ...[...block.matchAll(/--app-stack-(\w+): (#[0-9a-f]{6})/g)].map(([, tone = '', hex = '']) => [tone, hex] as const)]);
}

function toLinear(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
}

const dot = (row: readonly number[], colour: readonly number[]) => row.reduce((sum, weight, index) => sum + weight * (colour[index] ?? 0), 0);
const luminance = (hex: string) => dot([0.2126, 0.7152, 0.0722], toLinear(hex));

function toLab(hex: string, eyes: keyof typeof EYES): [number, number, number] {
  const seen = EYES[eyes].map((row) => Math.min(1, Math.max(0, dot(row, toLinear(hex)))));
  const curve = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = curve(dot([0.4124564, 0.3575761, 0.1804375], seen) / 0.95047);
  const y = curve(dot([0.2126729, 0.7151522, 0.072175], seen));
  const z = curve(dot([0.0193339, 0.119192, 0.9503041], seen) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(one: string, other: string, eyes: keyof typeof EYES): number {
  const [a, b] = [toLab(one, eyes), toLab(other, eyes)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const pairsOf = (tones: readonly string[]) => tones.flatMap((one, index) => tones.slice(index + 1).map((other) => [one, other] as const));

test.each(['light', 'dark'] as const)('parts of a chart are told apart by eyes that see fewer colours, on %s ground', (theme) => {
  const palette = readPalette(theme);
  for (const [one, other] of [...pairsOf(SERIES), ...pairsOf(ENDS)]) {
    for (const eyes of ['usual', 'protanopia', 'deuteranopia', 'tritanopia'] as const) {
      expect(distance(palette.get(one) ?? '', palette.get(other) ?? '', eyes), `${one} and ${other}, ${eyes}`).toBeGreaterThan(DISTANCE_MIN);
    }
  }
});

test.each(['light', 'dark'] as const)('every part of a chart stands out from %s ground', (theme) => {
  const ground = luminance(THEMES[theme].ground);
  for (const [tone, hex] of readPalette(theme)) {
    const [dark = 0, light = 0] = [ground, luminance(hex)].sort((a, b) => a - b);
    expect((light + 0.05) / (dark + 0.05), tone).toBeGreaterThanOrEqual(CONTRAST_MIN);
  }
});

test('a system that is dark gets the colours of the dark theme', () => {
  const tones = (rule: string) => css.slice(css.indexOf(rule), css.indexOf('}', css.indexOf(rule))).match(/--app-stack-\w+: #\w+/g);
  expect(tones(":root[data-theme='system'] {")).toEqual(tones(":root[data-theme='dark'] {"));
  expect(tones(':root {')).toHaveLength(8);
});
