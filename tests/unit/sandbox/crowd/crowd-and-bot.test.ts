import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBirthDate } from '#server/bot/input/parse-birth-date.ts';
import { parseBirthTime } from '#server/bot/input/parse-birth-time.ts';
import { createTranslations } from '#server/bot/translations.ts';
import { LANGUAGES, type Language } from '#server/contracts/vocabulary.ts';
import { composeAnswer, guessAnswerKind } from '#server/sandbox/crowd/answer.ts';
import { decideAction } from '#server/sandbox/crowd/decide.ts';
import { createPeople, type CrowdMember } from '#server/sandbox/crowd/people.ts';
import { OFF_TOPIC, PLACES } from '#server/sandbox/crowd/words.ts';
import { createRandom } from '#server/sandbox/random.ts';
import { ChangeMemberInput, Person, PressButtonInput, SendMessageInput, type ControlChat } from '#server/sandbox/telegram/control-schemas.ts';
import { findPlaces } from '#server/services/places/find-places.ts';
import { SILENT_LOGGER } from '#tests/support/bot.ts';

const TODAY = '2026-11-25';
const translations = createTranslations(SILENT_LOGGER);
const people = createPeople(5, 300);
/** Never beside the point. */
const sure = () => 0.5;

/** A question as the bot asks it: its text, and the placeholder if that is one of its texts too. */
function asked(language: Language, key: string, placeholder: string) {
  return { text: translations.t(language, key), placeholder: /^\d/u.test(placeholder) ? placeholder : translations.t(language, placeholder) };
}

describe.each(LANGUAGES)("the bot's own questions in %s", (language) => {
  test.each([
    ['birth-date-ask', '1990-05-17', 'date'],
    ['birth-date-unreadable', '1990-05-17', 'date'],
    ['birth-date-impossible', '1990-05-17', 'date'],
    ['birth-date-future', '1990-05-17', 'date'],
    ['birth-date-too-old', '1990-05-17', 'date'],
    ['natal-time-ask', '14:30', 'time'],
    ['natal-time-unreadable', '14:30', 'time'],
    ['natal-place-ask', 'natal-place-placeholder', 'place'],
    ['natal-place-not-found', 'natal-place-placeholder', 'place'],
    ['tarot-question-empty', 'tarot-question-placeholder', 'question'],
    ['tarot-question-ask', 'tarot-question-placeholder', 'question'],
  ])('%s, shown as %s, is understood as one for a %s', (key, placeholder, kind) => {
    expect(guessAnswerKind(asked(language, key, placeholder))).toBe(kind);
  });

  test('are all answered with what the bot can read, by everybody', () => {
    for (const member of people) {
      const date = composeAnswer(member, asked(language, 'birth-date-ask', '1990-05-17'), sure);
      expect(parseBirthDate(date, TODAY)).toMatchObject({ status: 'ok' });
      const time = composeAnswer(member, asked(language, 'natal-time-ask', '14:30'), sure);
      expect(parseBirthTime(time)).toBe(time);
    }
  });

  test('get a birth place that the bot knows', async () => {
    for (const place of PLACES[language]) expect([place, (await findPlaces(place)).length > 0]).toEqual([place, true]);
  });

  test('get now and then what is no date, time or place at all', async () => {
    for (const text of OFF_TOPIC[language]) {
      expect(parseBirthDate(text, TODAY).status).toBe('unreadable');
      expect(parseBirthTime(text)).toBeNull();
      expect(await findPlaces(text)).toEqual([]);
    }
  });
});

test('a day of birth is the same in both forms in which a bot may ask for it', () => {
  for (const member of people) {
    const forms = ['1990-05-17', '17.05.1990', 'ДД.ММ.ГГГГ'].map((placeholder) => composeAnswer(member, { placeholder, text: '' }, sure));
    expect(new Set(forms.map((text) => JSON.stringify(parseBirthDate(text, TODAY)))).size).toBe(1);
  }
});

test('about three answers in a hundred are beside the point', () => {
  const random = createRandom('beside');
  const [member] = people;
  const answers = Array.from({ length: 4_000 }, () => member && composeAnswer(member, { placeholder: '14:30', text: '' }, random));
  const strayShare = answers.filter((text) => text && parseBirthTime(text) === null).length / answers.length;
  expect(strayShare).toBeGreaterThan(0.02);
  expect(strayShare).toBeLessThan(0.04);
});

test('the stand-in takes every person of every seed', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      for (const { person } of createPeople(seed, 5)) expect(Person.parse(person)).toEqual(person);
    }),
  );
});

test('whatever somebody does, the stand-in accepts it', () => {
  const anyone: fc.Arbitrary<CrowdMember> = fc.constantFrom(...people);
  const message: fc.Arbitrary<ControlChat['messages'][number]> = fc.record({
    messageId: fc.integer({ min: 1, max: 1_000 }),
    from: fc.constantFrom('user', 'bot'),
    text: fc.string(),
    html: fc.constant(null),
    sentAt: fc.constant('2026-11-24T00:00:00.000Z'),
    buttons: fc.array(fc.array(fc.record({ text: fc.constant('A'), callbackData: fc.string({ minLength: 1, maxLength: 64 }) }))),
    sequence: fc.nat(),
    editedAt: fc.constant(null),
    replyToMessageId: fc.constant(null),
    isForceReply: fc.boolean(),
    placeholder: fc.option(fc.string()),
  });
  const chat: fc.Arbitrary<ControlChat> = fc.record({
    sequence: fc.nat(),
    isTyping: fc.boolean(),
    isBlocked: fc.boolean(),
    draft: fc.constant(null),
    messages: fc.array(message, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(anyone, chat, fc.nat(), (member, seen, seed) => {
      const action = decideAction(member, seen, { answeredSince: true, idleMs: 0, knowsBot: false, today: '2026-11-24' }, createRandom(seed));
      const who = { chatId: member.person.id, from: member.person };
      if (action.kind === 'write') SendMessageInput.parse({ ...who, text: action.text });
      if (action.kind === 'press') PressButtonInput.parse({ ...who, messageId: action.messageId, data: action.data });
      if (action.kind === 'block' || action.kind === 'return') ChangeMemberInput.parse({ ...who, isBlocked: action.kind === 'block' });
    }),
  );
});

test('regulars come for what they like, and those who lapsed ten times more rarely', () => {
  const crowd = createPeople(9, 4_000);
  const shareOf = (habit: CrowdMember['habit']) => crowd.filter((member) => member.habit === habit).length / crowd.length;
  expect(shareOf('horoscope')).toBeCloseTo(0.4, 1);
  expect(shareOf('tarot')).toBeCloseTo(0.3, 1);
  const meanWeight = (isLapsed: boolean) => {
    const weights = crowd.filter((member) => (member.habit === 'lapsed') === isLapsed).map(({ weight }) => weight);
    return weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  };
  expect(meanWeight(false) / meanWeight(true)).toBeCloseTo(10, 0);
});
