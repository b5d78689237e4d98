import { expect, test } from 'vitest';
import { createI18n } from '#app/i18n/create-i18n.ts';

test('texts are ready at once, in the language asked for', () => {
  expect(createI18n('en').t('login.title')).toBe('Log in');
  expect(createI18n('ru').t('login.title')).toBe('Вход');
});

test('two languages live side by side, as the requests of two visitors do', () => {
  const english = createI18n('en');
  const russian = createI18n('ru');
  expect([english.t('nav.logOut'), russian.t('nav.logOut')]).toEqual(['Log out', 'Выйти']);
});

test.each([
  [1, 'проверено 1 секунду назад'],
  [2, 'проверено 2 секунды назад'],
  [5, 'проверено 5 секунд назад'],
  [11, 'проверено 11 секунд назад'],
  [21, 'проверено 21 секунду назад'],
  [0, 'проверено 0 секунд назад'],
])('Russian counts %i second(s) with the right form', (count, text) => {
  expect(createI18n('ru').t('health.age', { count })).toBe(text);
});

test('text that a visitor typed is shown as it is, for React escapes it', () => {
  expect(createI18n('en').t('live.stale', { time: '<b>&' })).toContain('<b>&');
});
