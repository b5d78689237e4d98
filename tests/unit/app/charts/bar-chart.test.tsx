import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { BarChart } from '#app/charts/bar-chart.tsx';
import type { Bar } from '#app/charts/bar.ts';
import { ShareBar } from '#app/charts/share-bar.tsx';

const BARS: Bar[] = [
  { key: 'a', name: '23 Nov', value: 1, valueText: '$1.00', partNote: null },
  { key: 'b', name: '24 Nov', value: 4, valueText: '$4.00', partNote: 'still running' },
];

function render(bars: typeof BARS): string {
  return renderToStaticMarkup(<BarChart bars={bars} label="Cost" emptyText="Nothing yet." />);
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

test('no chart sets a style attribute, which a strict policy would refuse', () => {
  expect(render(BARS) + renderToStaticMarkup(<ShareBar ratio={0.5} />)).not.toContain('style=');
});
