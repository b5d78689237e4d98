import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { parseDialog } from '#server/bot/dialog.ts';
import { formatDate } from '#server/bot/format-date.ts';
import { trackOf } from '#server/bot/track.ts';
import { updateAgeMs } from '#server/bot/update-age.ts';

test('a stored dialog is taken up, and one that nobody knows any more is forgotten', () => {
  expect(parseDialog({ step: 'sign', data: { purpose: 'horoscope' } })).toEqual({ step: 'sign', data: { purpose: 'horoscope' } });
  expect(parseDialog({ step: 'tarot_question' })).toMatchObject({ step: 'tarot_question' });
  for (const stored of [null, undefined, {}, { step: 'old_step' }, { step: 'sign' }, { step: 'sign', data: { purpose: 'x' } }, 'text']) {
    expect(parseDialog(stored)).toBeNull();
  }
});

test('an update has one track, whoever asks, and another update another', () => {
  const update: Update = { update_id: 1 };
  trackOf(update).handler = 'tarot';
  expect(trackOf(update).handler).toBe('tarot');
  expect(trackOf({ update_id: 1 }).handler).toBe('other');
});

test('the age of an update counts from Telegram’s date, else from its receipt, and is never negative', () => {
  const receivedAt = new Date('2026-11-24T10:00:05.000Z');
  const at = new Date('2026-11-24T10:00:07.250Z');
  const date = Date.parse('2026-11-24T10:00:00Z') / 1_000;
  const chat = { id: 1, type: 'private', first_name: 'x' } as const;
  expect(updateAgeMs({ update_id: 1, message: { message_id: 1, date, chat } } as Update, receivedAt, at)).toBe(7_250);
  expect(updateAgeMs({ update_id: 1 }, receivedAt, at)).toBe(2_250);
  const checkout = { id: '1', from: { id: 1, is_bot: false, first_name: 'x' }, currency: 'XTR', total_amount: 250, invoice_payload: 'x' };
  expect(updateAgeMs({ update_id: 1, pre_checkout_query: checkout }, receivedAt, at)).toBe(2_250);
  expect(updateAgeMs({ update_id: 1, message: { message_id: 1, date: date + 60, chat } } as Update, receivedAt, at)).toBe(0);
});

test('days are written as people of the language write them', () => {
  expect(formatDate('2026-11-24', 'en')).toBe('November 24, 2026');
  expect(formatDate('2026-11-24', 'ru')).toMatch(/^24 ноября 2026/);
});
