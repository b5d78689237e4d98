import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { UPTIME_STATES, UptimeBars, UptimeSample, type UptimeBar, type UptimeState } from '#app/charts/uptime-bars.tsx';

const bar = (state: UptimeState, ratio = 0.5, isUnfinished = false): UptimeBar => ({ key: `${state}${ratio}`, state, ratio, text: `12:00: ${state}`, isUnfinished });
const render = (...bars: UptimeBar[]) => renderToStaticMarkup(<UptimeBars bars={bars} label="Telegram" />);
/** What is drawn of one bar, without colours and places. */
const shapeOf = (state: UptimeState) => [...render(bar(state)).matchAll(/<rect class="uptime-(?!slot)\w+" [^>]*width="([\d.]+)" y="([\d.]+)" height="([\d.]+)"/g)].map(([, ...parts]) => parts.join(' ')).join();

test('every bar has its words, for those who point at it and for those who listen', () => {
  const markup = render(bar('healthy'), bar('down'));
  expect(markup.match(/role="img" aria-label="12:00: (healthy|down)"/g)).toHaveLength(2);
  expect(markup.match(/<title>12:00: (healthy|down)<\/title>/g)).toHaveLength(2);
  expect(markup).toContain('role="group" aria-label="Telegram"');
});

test('the states differ in shape, not in colour alone', () => {
  expect(new Set(UPTIME_STATES.map(shapeOf)).size).toBe(UPTIME_STATES.length);
});

test('time that nobody sampled is a dot in a strip of any length, never a line', () => {
  const shareOf = (count: number) => {
    const markup = render(...Array.from({ length: count }, (_, index) => ({ ...bar('none'), key: String(index) })));
    return Number(/uptime-none" x="[\d.]+" width="([\d.]+)"/.exec(markup)?.[1]) / count;
  };
  for (const count of [1, 2, 24, 96]) {
    expect(shareOf(count)).toBeGreaterThan(0.002);
    expect(shareOf(count)).toBeLessThan(0.007);
  }
});

test('a moment of outage is seen, and so is a moment without one', () => {
  for (const ratio of [0.999999, 0.000001]) {
    const heights = [...render(bar('partly', ratio)).matchAll(/uptime-(?:partly|down)" .*?height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights).toHaveLength(2);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(14);
  }
});

test('a bar whose time is still running is marked', () => {
  expect(render(bar('healthy'), bar('down', 0, true)).match(/uptime-unfinished/g)).toHaveLength(1);
});

test('nothing is drawn with a style attribute, which a strict policy would refuse, and an empty strip is one too', () => {
  const samples = UPTIME_STATES.map((state) => renderToStaticMarkup(<UptimeSample state={state} />)).join('');
  expect(render(...UPTIME_STATES.map((state) => bar(state))) + samples + render()).not.toMatch(/style=|NaN/);
});
