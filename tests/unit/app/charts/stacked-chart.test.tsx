import { renderToStaticMarkup } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { heightOf, stackTone, type StackBar, type StackPart } from '#app/charts/stack.ts';
import { StackedChart } from '#app/charts/stacked-chart.tsx';

const PARTS: readonly StackPart[] = [{ key: 'a', name: 'First', tone: 'first', to: '/there?only=a' }, { key: 'b', name: 'Others', tone: 'rest' }];
const bar = (key: string, values: readonly number[], partNote: string | null = null): StackBar => ({ key, name: `${key} Nov`, values, texts: values.map(String), partNote });
const BARS = [bar('23', [3, 1]), bar('24', [0, 0]), bar('25', [0, 2], 'still running')];

async function render(bars: readonly StackBar[]): Promise<string> {
  const chart = <StackedChart parts={PARTS} bars={bars} label="Failures" emptyText="Nothing failed." formatTick={(value) => `${value} times`} />;
  const handler = createStaticHandler([{ path: '*', element: chart }]);
  const context = await handler.query(new Request('http://localhost/'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(<StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />);
}

test('the server draws the parts on top of one another, to scale, so that the page is complete without JavaScript', async () => {
  const markup = await render(BARS);
  expect(markup).toContain('<rect class="stack-first" x="0.1" width="0.8" y="25.00" height="75.00">');
  expect(markup).toContain('<rect class="stack-rest" x="0.1" width="0.8" y="0.00" height="25.00">');
  expect(markup).toMatch(/4 times.*23 Nov.*25 Nov/s);
});

test('a bar that still runs is pale, and what a bar has nothing of is not drawn', async () => {
  const markup = await render(BARS);
  expect(markup).toContain('<rect class="stack-rest bar-part" x="2.1" width="0.8" y="50.00" height="50.00">');
  expect(markup.match(/<rect class="stack-\w+(?: bar-part)?" x="\d\.1"/g)).toHaveLength(3);
});

test('the parts are named in their order, and a name leads where it says', async () => {
  expect(await render(BARS)).toMatch(/<ul class="chart-legend">.*<a [^>]*href="\/there\?only=a"[^>]*>First<\/a>.*Others.*<\/ul>/s);
});

test('without any it says so instead of drawing nothing', async () => {
  expect(await render([])).toContain('Nothing failed.');
  expect(await render([bar('23', [0, 0])])).toContain('Nothing failed.');
});

test('no style attribute is set, which a strict policy would refuse', async () => {
  expect(await render(BARS)).not.toContain('style=');
});

test('a bar is as high as its parts together, and five parts have tones of their own', () => {
  expect(heightOf(bar('23', [3, 1, 2]))).toBe(6);
  expect(new Set([0, 1, 2, 3, 4].map(stackTone)).size).toBe(5);
});
