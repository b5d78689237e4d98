import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { LineChart } from '#app/charts/line-chart.tsx';
import { axisOf, isLonely, type LinePoint } from '#app/charts/line.ts';

const LINES = [{ key: 'p50', name: 'p50' }, { key: 'p95', name: 'p95' }];
const point = (key: string, ...values: (number | null)[]): LinePoint => ({ key, name: `${key} Nov`, values, texts: values.map((value) => `${value} ms`), partNote: null });
const POINTS = [point('23', 10, 40), point('24', null, null), point('25', 20, 80), point('26', 40, 60)];

const render = (points: readonly LinePoint[]) => renderToStaticMarkup(<LineChart lines={LINES} points={points} label="Speed" emptyText="Nothing yet." formatTick={(value) => `${value} ms`} />);

test('the server draws the lines to scale, so that the page is complete without JavaScript', () => {
  const markup = render(POINTS);
  expect(markup).toContain('L3.5 25.00');
  expect(markup).toContain('M2.5 0.00');
  expect(markup).toMatch(/80 ms.*23 Nov.*26 Nov/s);
  expect(markup).toContain('role="img" aria-label="Speed"');
});

test('what is not known is a gap, and a value between gaps is a dot', () => {
  const markup = render(POINTS);
  expect(markup).toContain('d="M0.5 87.50h0M2.5 75.00L3.5 50.00"');
  expect(POINTS.map((_, index) => isLonely(POINTS, 0, index))).toEqual([true, false, false, false]);
});

test('the lines are named, in words', () => {
  expect(render(POINTS)).toMatch(/<ul class="chart-legend">.*p50.*p95.*<\/ul>/s);
});

test('without any value it says so instead of drawing nothing; zeros are drawn', () => {
  expect(render([])).toContain('Nothing yet.');
  expect(render([point('23', null, null)])).toContain('Nothing yet.');
  expect(render([point('23', 0, 0)])).toContain('M0.5 100.00h0');
});

test('where all is zero the axis has the mark of zero alone, and no scale that is made up', () => {
  expect(axisOf([point('23', 0, null), point('24', 0, 0)])).toEqual({ domain: [0, 1], ticks: [0] });
  expect(axisOf([point('23', 0, null), point('24', 0, 0.5)])).toEqual({});
});

test('no style attribute is set, which a strict policy would refuse', () => {
  expect(render(POINTS)).not.toContain('style=');
});
