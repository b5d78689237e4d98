import { describe, expect, test } from 'vitest';
import { composeAnswer, guessAnswerKind } from '#server/sandbox/crowd/answer.ts';
import type { CrowdMember } from '#server/sandbox/crowd/people.ts';
import { OFF_TOPIC, PLACES, QUESTIONS } from '#server/sandbox/crowd/words.ts';

const member: CrowdMember = {
  person: { id: 7_000_000_001, firstName: 'Анна', languageCode: 'ru' },
  language: 'ru',
  habit: 'mixed',
  weight: 1,
  birthDate: { year: 1990, month: 5, day: 7 },
  sign: 'taurus',
  birthTime: { hour: 4, minute: 5 },
  birthPlace: 'Казань',
};
const sure = () => 0.5;
const ask = (placeholder: string | null, text = '') => composeAnswer(member, { placeholder, text }, sure);

describe('what the bot asks for', () => {
  test.each([
    ['1990-05-17', '', 'date'],
    ['17.05.1990', '', 'date'],
    ['ДД.ММ.ГГГГ', '', 'date'],
    ['14:30', '', 'time'],
    ['чч:мм', '', 'time'],
    ['City', '', 'place'],
    ['Место рождения', '', 'place'],
    ['What should I know about my work?', '', 'question'],
    ['Что мне важно знать о работе?', 'Где?', 'question'],
    ['Москва', 'В каком городе или посёлке вы родились?', 'place'],
    ['Moscow', 'In which city or town were you born?', 'place'],
    [null, 'When were you born? Send the date like 1990-05-17.', 'date'],
    [null, 'Во сколько вы родились? Пришлите время в виде 14:30.', 'time'],
    [null, 'Где вы родились?', 'place'],
    [null, 'О чём спросим карты?', 'question'],
    [null, 'Hm.', 'question'],
  ])('placeholder %s with "%s" asks for a %s', (placeholder, text, kind) => {
    expect(guessAnswerKind({ placeholder, text })).toBe(kind);
  });
});

describe('what a person answers', () => {
  test('a date in the form that is shown', () => {
    expect(ask('1990-05-17')).toBe('1990-05-07');
    expect(ask('17.05.1990')).toBe('07.05.1990');
    expect(ask('ДД.ММ.ГГГГ')).toBe('07.05.1990');
    expect(ask('1990-05-17', 'like 17.05.1990')).toBe('1990-05-07');
  });

  test('a time with leading zeros, the place, a question in their language', () => {
    expect(ask('14:30')).toBe('04:05');
    expect(ask('City')).toBe('Казань');
    expect(QUESTIONS.ru).toContain(ask('Ваш вопрос?'));
    expect(QUESTIONS.en).toContain(composeAnswer({ ...member, language: 'en' }, { placeholder: 'Your question?', text: '' }, sure));
  });

  test('another place when theirs was not understood', () => {
    const second = composeAnswer(member, { placeholder: 'Москва', text: 'Такого места я не знаю.' }, sure, 'Казань');
    expect(PLACES.ru).toContain(second);
    expect(second).not.toBe('Казань');
  });

  test('now and then something beside the point', () => {
    expect(OFF_TOPIC.ru).toContain(composeAnswer(member, { placeholder: '14:30', text: '' }, () => 0.01));
  });
});
