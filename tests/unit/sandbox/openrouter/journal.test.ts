import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '#server/sandbox/openrouter/journal.ts';
import type { NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (overrides: Partial<NewJournalEntry> = {}): NewJournalEntry => ({
  at: '2026-11-24T10:00:00.000Z',
  generationId: 'gen-1',
  model: 'openai/gpt-4o-mini',
  costUsd: '0.000000000001',
  ...overrides,
});

describe('Journal', () => {
  it('numbers entries from 1, lists those after a number, and sums what was billed', () => {
    const journal = new Journal(null);
    journal.record(entry());
    journal.record(entry({ generationId: null, outcome: 'not_billed', costUsd: '0', httpStatus: 500 }));
    journal.record(entry({ generationId: 'gen-3', costUsd: '2' }));
    expect(journal.list().map((each) => each.sequence)).toEqual([1, 2, 3]);
    expect(journal.list(2).map((each) => each.generationId)).toEqual(['gen-3']);
    expect(journal.totalUsd).toBe('2.000000000001');
    expect(journal.find('gen-3')?.costUsd).toBe('2');
    expect(journal.find('gen-9')).toBeUndefined();
  });

  it('is the same after a restart', () => {
    const first = new Journal(file);
    first.import([entry(), entry({ generationId: 'gen-2', isByok: true, costUsd: '3' })]);
    const second = new Journal(file);
    expect(second.list()).toEqual(first.list());
    expect(second.totalUsd).toBe(first.totalUsd);
    expect(second.find('gen-2')?.isByok).toBe(true);
    expect(second.record(entry({ generationId: 'gen-3' })).sequence).toBe(3);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  it('leaves out a line that a crash cut in half', () => {
    new Journal(file).record(entry());
    appendFileSync(file, '{"sequence":2,"at":"2026-');
    expect(new Journal(file).list()).toHaveLength(1);
  });

  it('refuses an entry whose amount is none', () => {
    for (const costUsd of ['-1', '1e-7', 'x', '']) expect(() => new Journal(null).record(entry({ costUsd }))).toThrow();
  });
});

describe('usage per period', () => {
  it("counts the UTC day, the week from Monday and the month, and one's own provider key apart", () => {
    const journal = new Journal(null);
    const at = (day: string, costUsd: string, isByok = false) =>
      journal.record(entry({ at: `${day}T23:59:59.999Z`, costUsd, isByok, generationId: null }));
    at('2026-10-31', '1');
    at('2026-11-01', '2');
    at('2026-11-22', '4');
    at('2026-11-23', '8');
    at('2026-11-24', '16');
    at('2026-11-24', '32', true);
    // A Tuesday.
    const now = new Date('2026-11-24T00:00:00.000Z');
    expect(journal.usage.charged(now)).toEqual({ total: '31', daily: '16', weekly: '24', monthly: '30' });
    expect(journal.usage.byok(now)).toEqual({ total: '32', daily: '32', weekly: '32', monthly: '32' });
  });

  it('counts a Sunday to the week that began six days before', () => {
    const journal = new Journal(null);
    journal.record(entry({ at: '2026-11-23T00:00:00.000Z', costUsd: '1' }));
    expect(journal.usage.charged(new Date('2026-11-29T12:00:00.000Z'))).toMatchObject({ weekly: '1', daily: '0' });
    expect(journal.usage.charged(new Date('2026-11-30T00:00:00.000Z'))).toMatchObject({ weekly: '0' });
  });

  it('counts the requests of the day to models that cost nothing', () => {
    const journal = new Journal(null);
    journal.record(entry({ model: 'openai/gpt-oss-120b:free', costUsd: '0' }));
    journal.record(entry({ model: 'openai/gpt-4o', generationId: 'gen-2' }));
    expect(journal.usage.freeRequestsToday(new Date('2026-11-24T23:00:00Z'))).toBe(1);
    expect(journal.usage.freeRequestsToday(new Date('2026-11-25T00:00:00Z'))).toBe(0);
  });
});
