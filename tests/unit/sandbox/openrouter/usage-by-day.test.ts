import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addUsd, sumUsd } from '#server/lib/money.ts';
import { Journal } from '#server/sandbox/openrouter/journal.ts';
import type { NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import { UsageByDay } from '#server/sandbox/openrouter/usage-by-day.ts';

const instant = fc.date({ min: new Date('2025-12-20T00:00:00.000Z'), max: new Date('2026-03-10T00:00:00.000Z'), noInvalidDate: true });
const amount = fc.integer({ min: 0, max: 2_000_000_000 }).map((pico) => `0.${String(pico).padStart(12, '0')}`);
const entry = fc
  .record({ at: instant, costUsd: amount, isByok: fc.boolean(), isBilled: fc.boolean(), isFree: fc.boolean() })
  .map(({ at, costUsd, isByok, isBilled, isFree }): NewJournalEntry & { at: string } => ({
    at: at.toISOString(),
    generationId: null,
    model: isFree ? 'openai/gpt-oss-120b:free' : 'openai/gpt-4o',
    costUsd,
    isByok,
    outcome: isBilled ? 'billed' : 'not_billed',
  }));
const entries = fc.array(entry, { maxLength: 30 });

function journalOf(all: readonly NewJournalEntry[]): Journal {
  const journal = new Journal(null);
  journal.import(all);
  return journal;
}

/** The ISO week of an instant, counted another way than the code counts: whole weeks since a Monday long ago. */
const weekOf = (at: Date) => Math.floor((at.getTime() - Date.UTC(2001, 0, 1)) / (7 * 86_400_000));

describe('usage by day', () => {
  test('is, for whatever was billed and whenever one asks, the sum of what lies in the running day, week and month', () => {
    fc.assert(
      fc.property(entries, instant, (all, now) => {
        const { usage } = journalOf(all);
        const today = now.toISOString().slice(0, 10);
        // An entry of later on the same day counts as well: days are never split.
        const past = all.filter(({ at, outcome }) => outcome === 'billed' && at.slice(0, 10) <= today);
        for (const [isByok, periods] of [[false, usage.charged(now)], [true, usage.byok(now)]] as const) {
          const sumWhere = (isIn: (at: string) => boolean) => sumUsd(past.filter((each) => each.isByok === isByok && isIn(each.at)).map((each) => each.costUsd));
          expect(periods.daily).toBe(sumWhere((at) => at.slice(0, 10) === today));
          expect(periods.weekly).toBe(sumWhere((at) => weekOf(new Date(at)) === weekOf(now)));
          expect(periods.monthly).toBe(sumWhere((at) => at.slice(0, 7) === today.slice(0, 7)));
        }
      }),
    );
  });

  test('splits everything that was billed into what the account and what other providers charged', () => {
    fc.assert(
      fc.property(entries, instant, (all, now) => {
        const journal = journalOf(all);
        const billed = all.filter(({ outcome }) => outcome === 'billed');
        expect(addUsd(journal.usage.charged(now).total, journal.usage.byok(now).total)).toBe(journal.totalUsd);
        expect(journal.totalUsd).toBe(sumUsd(billed.map(({ costUsd }) => costUsd)));
      }),
    );
  });

  test('does not depend on the order in which a past was laid down, nor on its parts', () => {
    fc.assert(
      fc.property(entries, fc.nat(30), instant, (all, cut, now) => {
        const parts = journalOf(all.slice(cut).reverse());
        parts.import(all.slice(0, cut));
        for (const periods of ['charged', 'byok'] as const) expect(parts.usage[periods](now)).toEqual(journalOf(all).usage[periods](now));
        expect(parts.usage.freeRequestsToday(now)).toBe(journalOf(all).usage.freeRequestsToday(now));
        expect(parts.list().map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
      }),
    );
  });

  test('counts as free requests of the day those that were served, by the name of their model', () => {
    fc.assert(
      fc.property(entries, instant, (all, now) => {
        const today = now.toISOString().slice(0, 10);
        const free = all.filter(({ at, model, outcome }) => outcome === 'billed' && at.startsWith(today) && model.endsWith(':free'));
        expect(journalOf(all).usage.freeRequestsToday(now)).toBe(free.length);
      }),
    );
  });

  test('is nothing of nothing', () => {
    const usage = new UsageByDay();
    expect(usage.charged(new Date('2026-02-28T23:59:59.999Z'))).toEqual({ total: '0', daily: '0', weekly: '0', monthly: '0' });
  });
});

describe('the list of a journal', () => {
  test('gives, read page after page, every entry once and in order', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 7 }), (all, sizeMax) => {
        const journal = journalOf(all);
        const read: number[] = [];
        for (let page = journal.list().slice(0, sizeMax); page.length > 0; page = journal.list(read.at(-1)).slice(0, sizeMax)) {
          read.push(...page.map(({ sequence }) => sequence));
        }
        expect(read).toEqual(all.map((_, index) => index + 1));
      }),
    );
  });
});
