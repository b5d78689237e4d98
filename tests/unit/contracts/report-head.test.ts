import { expect, test } from 'vitest';
import { ReportHead } from '#server/contracts/report-head.ts';

const range = { preset: null, from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z', bucket: 'hour', timeZone: 'Europe/Moscow' };
const head = { range, comparedRange: null, generatedAt: '2026-11-02T00:00:00.000Z', coverage: { dataFrom: null } };

test('a report may be compared with nothing and have no data', () => {
  expect(ReportHead.parse(head)).toEqual(head);
  expect(ReportHead.parse({ ...head, comparedRange: range, coverage: { dataFrom: range.from } })).toMatchObject({ comparedRange: range });
});

test.each(['range', 'comparedRange', 'generatedAt', 'coverage'])('a report without %s is none', (key) => {
  expect(ReportHead.safeParse({ ...head, [key]: undefined }).success).toBe(false);
});
