import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RowPageQuery } from '#db/queries/exports.ts';
import { walkRows } from '#server/services/exports/walk-rows.ts';
import { collect } from '#tests/support/exports.ts';

interface Row {
  readonly at: string;
  readonly key: string;
}

const START_MS = Date.UTC(2026, 0, 1);
const placeOf = ({ at, key }: Row) => ({ at, key });
const order = (a: Row, b: Row) => (a.at === b.at ? a.key.localeCompare(b.key) : a.at.localeCompare(b.at));

/** What Postgres does, over rows in memory. */
function pageOf(rows: readonly Row[], { span, after, limit }: RowPageQuery): Row[] {
  const isIn = (row: Row) => row.at >= span.from.toISOString() && row.at < span.to.toISOString() && (after === null || order(row, after) > 0);
  return rows.filter(isIn).toSorted(order).slice(0, limit);
}

function walk(rows: readonly Row[], { lengthMs = 100, spanMs = 30, rowsPerPage = 3, asked = [] as RowPageQuery[] } = {}) {
  const page = (query: RowPageQuery) => {
    asked.push(query);
    return Promise.resolve(pageOf(rows, query));
  };
  return walkRows({ range: { from: new Date(START_MS), to: new Date(START_MS + lengthMs) }, spanMs, rowsPerPage, page, placeOf });
}

test('each row of the range comes exactly once and in order, whatever the spans, the pages and rows of the same instant', async () => {
  const anyRow = fc.record({ at: fc.integer({ min: -20, max: 130 }).map((ms) => new Date(START_MS + ms).toISOString()), key: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }) });
  const anyRows = fc.uniqueArray(anyRow, { selector: ({ at, key }) => at + key, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 5 }), async (rows, spanMs, rowsPerPage) => {
      const found = (await collect(walk(rows, { spanMs, rowsPerPage }))).flat();
      expect(found).toEqual(pageOf(rows, { span: { from: new Date(START_MS), to: new Date(START_MS + 100) }, after: null, limit: 1_000 }));
    }),
  );
});

test('no statement looks at more than a span, and together they look at the whole range', async () => {
  const asked: RowPageQuery[] = [];
  await collect(walk([], { asked }));
  expect(asked.map(({ span }) => [span.from.getTime() - START_MS, span.to.getTime() - START_MS])).toEqual([[0, 30], [30, 60], [60, 90], [90, 100]]);
});

test('nothing is asked for before it is read, and nothing more once the reader has gone', async () => {
  const asked: RowPageQuery[] = [];
  const rows = Array.from({ length: 50 }, (_, index) => ({ at: new Date(START_MS + index).toISOString(), key: 'a' }));
  const pages = walk(rows, { asked });
  expect(asked).toHaveLength(0);
  await pages.next();
  expect(asked).toHaveLength(1);
  await pages.return(undefined);
  expect(await pages.next()).toMatchObject({ done: true });
  expect(asked).toHaveLength(1);
});
