import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactNode } from 'react';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router-dom/server.js';
import { expect, test } from 'vitest';
import { Providers } from '#app/components/providers.tsx';
import { HealthPage, type HealthPageProps } from '#app/features/health/health-page.tsx';
import { IncidentBanners } from '#app/features/health/incident-banners.tsx';
import type { HealthBar, HealthTotals, IncidentRow, WindowRow } from '#server/contracts/health-history.ts';
import { HEALTH_CHECKS, PARITY_QUANTITIES, type Language } from '#server/contracts/vocabulary.ts';

const AT = '2026-11-24T21:05:09.000Z';
const HOUR_MS = 3_600_000;
const TIME_ZONE = 'Europe/Moscow';
const NOTHING: HealthTotals = { uptimeRatio: null, sampledMs: 0, healthyMs: 0, unhealthyMs: 0, disabledMs: 0, gapMs: HOUR_MS, sampleCount: 0, latencyAverageMs: null, latencyMaxMs: null };
const UP: HealthTotals = { ...NOTHING, uptimeRatio: 1, sampledMs: HOUR_MS, healthyMs: HOUR_MS, gapMs: 0, sampleCount: 60, latencyAverageMs: 42, latencyMaxMs: 1_250 };
const PARTLY: HealthTotals = { ...UP, uptimeRatio: 0.99996, healthyMs: HOUR_MS - 144, unhealthyMs: 144 };
const bar = (totals: HealthTotals, hour: number): HealthBar => ({ ...totals, startsAt: `2026-11-24T${hour}:00:00.000Z`, endsAt: `2026-11-24T${hour + 1}:00:00.000Z`, isUnfinished: hour === 20 });
const INCIDENT: IncidentRow = {
  incidentId: 7, check: 'telegram', startedAt: '2026-11-24T20:00:00.000Z', openedAt: '2026-11-24T20:00:05.000Z', recoveredAt: null, durationMs: 3_909_000, code: 'timed_out', detail: '10',
  acknowledgedAt: null, acknowledgedBy: null, note: null, maintenanceWindowId: null,
};
const KNOWN: IncidentRow = {
  ...INCIDENT, incidentId: 6, check: 'other', code: 'other', recoveredAt: '2026-11-24T20:30:00.000Z', durationMs: 1_800_000, acknowledgedAt: '2026-11-24T20:10:00.000Z', acknowledgedBy: 'anna@example.org', note: 'Their move.',
  maintenanceWindowId: 3,
};
const WINDOW: WindowRow = {
  windowId: 3, startsAt: '2026-11-24T20:00:00.000Z', endsAt: '2026-11-24T22:00:00.000Z', state: 'running', checks: [], reason: 'A new host', createdBy: 'anna@example.org', createdAt: AT, incidentCount: 1,
};
const told = { generatedAt: AT, timeZone: TIME_ZONE };
const range = { preset: '24h', from: '2026-11-23T21:05:09.000Z', to: AT } as const;

function propsOf(change: Partial<HealthPageProps['loaded']> = {}, others: Partial<HealthPageProps> = {}): HealthPageProps {
  const checks = HEALTH_CHECKS.map((check) => {
    const totals = check === 'database' ? PARTLY : check === 'telegram' ? NOTHING : UP;
    return { check, ...totals, bars: [bar(totals, 19), bar(totals, 20)] };
  });
  const report = HEALTH_CHECKS.map((check) => ({ check, state: check === 'telegram' ? ('unhealthy' as const) : ('healthy' as const), code: check === 'telegram' ? ('timed_out' as const) : (`${check}_ok` as const), detail: '10', message: '', latencyMs: 12, ageSeconds: 3 }));
  return {
    query: { range: { range: '24h' }, incidents: { range: '24h' }, windows: {} },
    loaded: {
      report: { isHealthy: false, checks: report },
      history: { ...told, range, covered: { from: range.from, to: AT }, resolution: 'minute', barMs: HOUR_MS, checks },
      incidents: { ...told, range, rows: [INCIDENT, KNOWN], nextCursor: 'bmV4dA' },
      latest: { ...told, range, rows: [INCIDENT, { ...KNOWN, check: 'database' }], nextCursor: null },
      windows: { ...told, rows: [WINDOW, { ...WINDOW, windowId: 4, state: 'planned', checks: ['telegram'] }, { ...WINDOW, windowId: 2, state: 'over' }], nextBefore: null },
      parity: null,
      ...change,
    },
    canChange: true,
    answer: undefined,
    ...others,
  };
}

async function render(node: ReactNode, language: Language = 'en'): Promise<string> {
  const handler = createStaticHandler([{ path: '*', element: node }]);
  const context = await handler.query(new Request('http://localhost/monitoring/health?range=24h'));
  if (context instanceof Response) throw new Error('nothing here redirects');
  return renderToStaticMarkup(
    <Providers language={language}>
      <StaticRouterProvider router={createStaticRouter(handler.dataRoutes, context)} context={context} hydrate={false} />
    </Providers>,
  );
}

const page = (change?: Partial<HealthPageProps['loaded']>, others?: Partial<HealthPageProps>, language?: Language) => render(<HealthPage {...propsOf(change, others)} />, language);
/** What a visitor reads, without the marks. */
const readText = (markup: string) => markup.replace(/<title>.*?<\/title>/g, '').replace(/<[^>]+>/g, ' ').replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');

test('each check is told with its state, what it said, since when, how fast and how long ago', async () => {
  const text = readText(await page());
  expect(text).toContain('Telegram unhealthy No answer within 10 s. · failing since 24 Nov 2026, 23:00 · checked 3 seconds ago');
  expect(text).toContain('Database healthy Postgres answers. · up since 24 Nov 2026, 23:30 · answered in 12 ms · checked 3 seconds ago');
  expect(text).toMatch(/Scheduler healthy All schedules run on time\. · answered/);
});

test('an uptime never looks better than it is, and one that nobody measured is not known', async () => {
  const text = readText(await page());
  expect(text).toContain('Database 99.996% down 144 ms · a check took 42 ms on average, 1.25s at most');
  expect(text).toContain('OpenRouter 100% a check took');
  expect(text).toContain('Telegram — not known not sampled 1 hr · no check was timed');
});

test('every bar tells in words when it was and what was found, in the reporting time zone', async () => {
  const markup = (await page()).replaceAll('\u00a0', ' ');
  expect(markup).toContain('<title>24 Nov, 22:00 – 24 Nov, 23:00: partly up, 99.996% up, down 144 ms</title>');
  expect(markup).toContain('aria-label="24 Nov, 23:00 – 25 Nov, 00:00: not sampled, still running"');
});

test('an incident tells when it began, how long it lasted, what it said, who knows of it, and whether it was expected', async () => {
  const text = readText(await page());
  expect(text).toContain('lasts Telegram began 24 Nov, 23:00:00 , for 1 hr 5 min so far It said: No answer within 10 s. Nobody has acknowledged it.');
  expect(text).toContain('over A check of another version began 24 Nov, 23:00:00 , lasted 30 min in maintenance');
  expect(text).toContain('Acknowledged by anna@example.org, 24 Nov 2026, 23:10 . Their move.');
});

test('older incidents are behind a link that keeps the range', async () => {
  expect(await page()).toContain('href="/monitoring/health?range=24h&amp;cursor=bmV4dA#incidents"');
});

test('whoever may act sees the forms, a viewer sees none', async () => {
  const [own, viewed] = [await page(), await page({}, { canChange: false })];
  expect([...own.matchAll(/name="intent" value="(\w+)"/g)].map(([, intent]) => intent)).toEqual(['acknowledge', 'end', 'delete', 'plan']);
  expect(viewed).not.toMatch(/method="post"|name="intent"/);
  expect(readText(viewed)).toContain('Nobody has acknowledged it.');
});

test('a window tells its time in the reporting time zone, which the form names too', async () => {
  const text = readText(await page());
  expect(text).toContain('running 24 Nov 2026, 23:00 – 25 Nov 2026, 01:00 all checks · by anna@example.org · 1 incident began in it A new host');
  expect(text).toContain('in the time zone Europe/Moscow');
});

test('a refused form holds what was typed, and says at its place what is wrong', async () => {
  const values = { from: '2026-11-24T10:00', to: 'late', timeZone: 'UTC', checks: ['database'], reason: 'Move' };
  const markup = await page({}, { answer: { kind: 'plan', values, faults: { to: 'time' }, conflict: null } });
  expect(markup).toMatch(/value="late"/);
  expect(markup).toMatch(/type="checkbox" name="checks" checked="" value="database"/);
  expect(readText(markup)).toMatch(/This was not saved\..*Enter a day and a time\./);
  const noted = readText(await page({}, { answer: { kind: 'note', incidentId: 7, note: '', fault: 'textMissing' } }));
  expect(noted).toContain('Write at least a word.');
});

test.each([
  [{ kind: 'conflict', conflict: 'acknowledged' }, 'Somebody has acknowledged this incident already.'],
  [{ kind: 'conflict', conflict: 'begun' }, 'This window has begun'],
  [{ kind: 'conflict', conflict: 'notRunning' }, 'This window does not run'],
] as const)('what somebody else did meanwhile is told: %o', async (answer, words) => {
  expect(readText(await page({}, { answer }))).toContain(words);
});

test('books that agree say so, and one quantity that is apart is loud and exact', async () => {
  const differences = PARITY_QUANTITIES.map((quantity) => {
    const zero = quantity === 'cost_dollars' ? '0.000000000000' : '0';
    return { quantity, counter: zero, table: zero, difference: zero };
  });
  const agreeing = readText(await page({ parity: { comparedAt: AT, differences } }));
  expect(agreeing.match(/ agrees /g)).toHaveLength(PARITY_QUANTITIES.length);
  expect(agreeing).toContain('Counters and tables agree.');
  expect(agreeing).toContain('Compared: 25 Nov, 00:05:09');
  const apart = await page({ parity: { comparedAt: AT, differences: differences.map((each) => (each.quantity === 'cost_dollars' ? { ...each, difference: '-0.000000000001' } : each)) } });
  expect(apart).toMatch(/role="alert"/);
  expect(readText(apart)).toContain('apart by -0.000000000001 $');
  expect(readText(apart)).not.toContain('Counters and tables agree.');
});

test('what is empty or not compared yet says so in words', async () => {
  const text = readText(await page({ incidents: { ...told, range, rows: [], nextCursor: null }, windows: { ...told, rows: [], nextBefore: null } }));
  expect(text).toContain('There was no incident in this range.');
  expect(text).toContain('No window is running or planned.');
  expect(text).toContain('Not compared yet.');
});

test('an outage that lasts and that nobody has acknowledged is a notice, with the way to it; any other is none', async () => {
  const banners = (rows: readonly IncidentRow[]) => render(<IncidentBanners open={{ rows: [...rows], timeZone: TIME_ZONE }} />);
  const markup = await banners([INCIDENT, KNOWN]);
  expect(readText(markup)).toContain('Telegram has been failing since 24 Nov, 23:00: No answer within 10 s. Acknowledge it');
  expect(markup).toContain('href="/monitoring/health#incident-7"');
  expect(markup.match(/role="note"/g)).toHaveLength(1);
  expect(readText(await banners([{ ...INCIDENT, maintenanceWindowId: 3 }]))).toContain('It began in a maintenance window.');
  expect(await banners([KNOWN, { ...INCIDENT, acknowledgedAt: AT }])).toBe('');
});

test('the page speaks Russian', async () => {
  const text = readText(await page({}, {}, 'ru'));
  expect(text).toContain('Telegram неисправно Нет ответа за 10 с. · сбой с 24 нояб. 2026 г., 23:00');
  expect(text).toContain('База данных 99,996 % не работало 144 мс');
  expect(text).toContain('продолжается Telegram начало 24 нояб., 23:00:00 , уже 1 ч 5 мин');
});
