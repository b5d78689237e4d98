import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { BarChart } from '#app/charts/bar-chart.tsx';
import { highestOf, type Bar, type ComparedNames } from '#app/charts/bar.ts';
import { pathOf } from '#app/charts/line.ts';
import { ShareBar } from '#app/charts/share-bar.tsx';

const BARS: Bar[] = [
  { key: 'a', name: '23 Nov', value: 1, valueText: '$1.00', partNote: null },
  { key: 'b', name: '24 Nov', value: 4, valueText: '$4.00', partNote: 'still running' },
];

const NAMES = { now: 'Now', before: 'Before' };
const before = (value: number) => ({ name: '16 Nov', value, valueText: `$${value}.00` });

function render(bars: readonly Bar[], names: ComparedNames | null = null): string {
  return renderToStaticMarkup(<BarChart bars={bars} label="Cost" emptyText="Nothing yet." names={names} />);
}

test('the server draws the bars to scale, so that the page is complete without JavaScript', () => {
  const markup = render(BARS);
  expect(markup).toContain('height="25.00"');
  expect(markup).toContain('height="100.00"');
  expect(markup).toMatch(/\$4\.00.*23 Nov.*24 Nov/s);
  expect(markup).toContain('role="img" aria-label="Cost"');
});

test('a bar that stands for a part of its time is marked', () => {
  expect(render(BARS).match(/bar-part/g)).toHaveLength(1);
});

test('a range without cost says so instead of drawing nothing', () => {
  expect(render([])).toContain('Nothing yet.');
  expect(render(BARS.map((bar) => ({ ...bar, value: 0 })))).toContain('Nothing yet.');
});

test('what the bars are compared with is a line to the same scale, with a gap where there is nothing, and both are named', () => {
  const markup = render(BARS.map((bar, index) => ({ ...bar, before: index === 0 ? before(8) : null })), NAMES);
  expect(markup).toContain('<path class="line line-before" d="M0.5 0.00h0">');
  expect(markup).toContain('height="50.00"');
  expect(markup).toMatch(/\$8\.00.*<ul class="chart-legend">.*Now.*Before.*<\/ul>/s);
  expect(render(BARS)).not.toMatch(/line-before|chart-legend/);
});

test('a range without cost is drawn where the one before had some', () => {
  const markup = render(BARS.map((bar) => ({ ...bar, value: 0, before: before(1) })), NAMES);
  expect(markup).toContain('d="M0.5 0.00L1.5 0.00"');
  expect(markup).not.toContain('Nothing yet.');
});

test('the highest is looked for among the bars and what they are compared with; a line of zeros lies on the ground', () => {
  expect(highestOf([])).toBeNull();
  expect(highestOf(BARS)).toMatchObject({ valueText: '$4.00' });
  expect(highestOf(BARS.map((bar) => ({ ...bar, before: before(5) })))).toMatchObject({ valueText: '$5.00' });
  expect(pathOf([0, null, 0, 0], 0)).toBe('M0.5 100.00h0M2.5 100.00L3.5 100.00');
});

test('no chart sets a style attribute, which a strict policy would refuse', () => {
  expect(render(BARS.map((bar) => ({ ...bar, before: before(1) })), NAMES) + renderToStaticMarkup(<ShareBar ratio={0.5} />)).not.toContain('style=');
});
