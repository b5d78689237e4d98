import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { BalanceChart } from '#app/charts/balance-chart.tsx';
import { shapeOf, type Balance } from '#app/charts/balance.ts';

const NAMES = { income: 'Revenue', expense: 'Cost', net: 'Margin' };
const balance = (key: string, income: number, expense: number, partNote: string | null = null): Balance => ({
  key, name: `${key} Nov`, income, expense, texts: { income: `$${income}`, expense: `$${expense}`, net: `$${income - expense}` }, partNote,
});
const BALANCES = [balance('23', 30, 5), balance('24', 0, 10), balance('25', -5, 5, 'still running')];

const render = (balances: readonly Balance[]) =>
  renderToStaticMarkup(<BalanceChart balances={balances} names={NAMES} label="Money" emptyText="Nothing yet." formatTick={(value) => `$${value}`} />);

test('the server draws income above the line and expense below it, to scale, so that the page is complete without JavaScript', () => {
  const markup = render(BALANCES);
  // From 30 above to 10 below: the line is at three quarters of the height.
  expect(markup).toContain('<rect class="bar-income" x="0.1" width="0.8" y="0.00" height="75.00">');
  expect(markup).toContain('<rect class="bar-expense" x="1.1" width="0.8" y="75.00" height="25.00">');
  expect(markup).toContain('d="M0.5 12.50L1.5 100.00L2.5 100.00"');
  expect(markup).toMatch(/\$30.*\$-10.*23 Nov.*25 Nov/s);
});

test('what was given back stands below the line, with the expense below that, and a bar that still runs is pale', () => {
  const markup = render(BALANCES);
  expect(markup).toContain('<rect class="bar-income bar-part" x="2.1" width="0.8" y="75.00" height="12.50">');
  expect(markup).toContain('<rect class="bar-expense bar-part" x="2.1" width="0.8" y="87.50" height="12.50">');
});

test('the end of a bar that goes down only is what is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000, max: 1_000 }), fc.nat({ max: 1_000 }), (income, expense) => {
      const { above, returned, below, net } = shapeOf(balance('23', income, expense));
      expect(above + returned).toBe(income);
      expect(returned - below).toBe(expense);
      expect(above + below).toBe(net);
    }),
  );
});

test('income, expense and what is left are named, in words', () => {
  expect(render(BALANCES)).toMatch(/<ul class="chart-legend">.*Revenue.*Cost.*Margin.*<\/ul>/s);
});

test('without income and expense it says so instead of drawing nothing, and a single bar is drawn', () => {
  expect(render([])).toContain('Nothing yet.');
  expect(render([balance('23', 0, 0)])).toContain('Nothing yet.');
  expect(render([balance('23', 1, 1)])).toContain('h0');
});

test('no style attribute is set, which a strict policy would refuse', () => {
  expect(render(BALANCES)).not.toContain('style=');
});
