import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { expect, test } from 'vitest';
import { RecordCounter } from '#app/lib/count-records.ts';
import { exportPath } from '#app/lib/export-path.ts';
import { NoExport, receiveRows, type Progress } from '#app/lib/receive-rows.ts';

const HEADERS = { 'Content-Disposition': 'attachment; filename="adtrobot-ledger.csv"' };
const encode = (text: string) => new TextEncoder().encode(text);

/** Where bytes are kept only when it is closed. */
function createSink() {
  const state = { text: '', isClosed: false, isAborted: false };
  const sink = new WritableStream<Uint8Array>({
    write: (bytes) => void (state.text += new TextDecoder().decode(bytes)),
    close: () => void (state.isClosed = true),
    abort: () => void (state.isAborted = true),
  });
  return { sink, state };
}

function bodyOf(pieces: readonly string[], end: (controller: ReadableStreamDefaultController<Uint8Array>) => void = (controller) => controller.close()): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next === undefined) end(controller);
      else controller.enqueue(encode(next));
    },
  });
}

test('records are counted rightly in any file that is written, however it is cut into pieces', () => {
  const anyRow = fc.array(fc.string({ unit: fc.constantFrom('a', '"', '\n', '\r', ',', 'я') }), { minLength: 2, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(anyRow), fc.integer({ min: 1, max: 7 }), (rows, length) => {
      const bytes = encode(stringify(rows, { record_delimiter: 'windows', quoted_match: /[\r\n]/ }));
      const counter = new RecordCounter();
      for (let start = 0; start < bytes.length; start += length) counter.add(bytes.subarray(start, start + length));
      expect(counter.count).toBe(rows.length);
    }),
  );
});

test('rows are counted without the head, of as many as the server told', async () => {
  const told: Progress[] = [];
  const { sink, state } = createSink();
  const response = new Response(bodyOf(['day,cost\r\n', 'a,1\r\nb,2\r\n', 'c,3\r\n']), { headers: { ...HEADERS, 'X-Row-Count': '3' } });
  const received = await receiveRows(response, { signal: AbortSignal.timeout(5_000), onProgress: (progress) => told.push(progress), sink });
  expect(received).toEqual({ fileName: 'adtrobot-ledger.csv', rows: 3 });
  expect(told).toEqual([{ rows: 0, total: 3 }, { rows: 2, total: 3 }, { rows: 3, total: 3 }]);
  expect(state).toMatchObject({ isClosed: true, text: 'day,cost\r\na,1\r\nb,2\r\nc,3\r\n' });
});

test('a total that the server does not tell is not known', async () => {
  const told: Progress[] = [];
  const response = new Response(bodyOf(['day\r\na\r\n']), { headers: HEADERS });
  await receiveRows(response, { signal: AbortSignal.timeout(5_000), onProgress: (progress) => told.push(progress), sink: createSink().sink });
  expect(told).toEqual([{ rows: 1, total: null }]);
});

test('what breaks off or is canceled is not kept', async () => {
  const broken = createSink();
  const fail = (controller: ReadableStreamDefaultController<Uint8Array>) => controller.error(new TypeError('network error'));
  const onProgress = () => undefined;
  await expect(receiveRows(new Response(bodyOf(['day\r\n'], fail), { headers: HEADERS }), { signal: AbortSignal.timeout(5_000), onProgress, sink: broken.sink })).rejects.toThrow('network error');
  expect(broken.state).toMatchObject({ isClosed: false, isAborted: true });

  const canceled = createSink();
  const controller = new AbortController();
  const endless = new Response(bodyOf(['day\r\n'], (body) => body.enqueue(encode('a\r\n'))), { headers: HEADERS });
  const receiving = receiveRows(endless, { signal: controller.signal, onProgress: ({ rows }) => rows > 3 && controller.abort(), sink: canceled.sink });
  await expect(receiving).rejects.toMatchObject({ name: 'AbortError' });
  expect(canceled.state).toMatchObject({ isClosed: false, isAborted: true });
});

test.each([
  ['a refusal', new Response('no', { status: 429, headers: HEADERS })],
  ['a page', new Response('<html>')],
])('%s is no export', async (_what, response) => {
  await expect(receiveRows(response, { signal: AbortSignal.timeout(5_000), onProgress: () => undefined, sink: createSink().sink })).rejects.toBeInstanceOf(NoExport);
});

test('an export is asked for by the query of the page, without its place in a list', () => {
  expect(exportPath('ledger', '?range=7d&user=7&cursor=abc&done=x')).toBe('/monitoring/export/ledger?range=7d&user=7');
  expect(exportPath('waste', '?range=7d&table=causes', { format: 'csv', table: 'models' })).toBe('/monitoring/export/waste?range=7d&table=models&format=csv');
  expect(exportPath('all', '')).toBe('/monitoring/export/all');
});
