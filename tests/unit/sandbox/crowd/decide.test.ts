import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';
import { decideAction, findOffer, PATIENCE_MS } from '#server/sandbox/crowd/decide.ts';
import { createPeople, HABITS, type CrowdMember, type Habit } from '#server/sandbox/crowd/people.ts';
import { createRandom } from '#server/sandbox/random.ts';
import type { ControlChat, ControlMessage } from '#server/sandbox/telegram/control-schemas.ts';

const [anybody] = createPeople(1, 1);
const answered = { answeredSince: true, idleMs: 10_000, knowsBot: false, today: '2026-11-24' };

function memberOf(habit: Habit): CrowdMember {
  if (!anybody) throw new Error('the crowd is empty');
  return { ...anybody, habit };
}

let nextId = 1;
function message(from: 'user' | 'bot', text: string, more: Partial<ControlMessage> = {}): ControlMessage {
  const messageId = nextId++;
  return {
    messageId,
    from,
    text,
    html: null,
    sentAt: '2026-11-24T00:00:00.000Z',
    buttons: [],
    sequence: messageId,
    editedAt: null,
    replyToMessageId: null,
    isForceReply: false,
    placeholder: null,
    ...more,
  };
}

function chat(messages: ControlMessage[], more: Partial<ControlChat> = {}): ControlChat {
  return { sequence: 1, isTyping: false, isBlocked: false, draft: null, messages, ...more };
}

const question = message('bot', 'Date?', { isForceReply: true, placeholder: '1990-05-17' });
const menu = message('bot', 'Choose', { buttons: [[{ text: 'A', callbackData: 'a' }], [{ text: 'B', callbackData: 'b' }]] });
const reading = message('bot', 'The Sun shines on you.');

describe('what a person does', () => {
  test('first of all /start', () => {
    expect(decideAction(memberOf('tarot'), chat([]), answered, Math.random)).toEqual({ kind: 'write', text: '/start' });
  });

  test('gives the command of a regular where the bot is known from before', () => {
    const actions = Array.from({ length: 100 }, (_, seed) => decideAction(memberOf('tarot'), chat([]), { ...answered, knowsBot: true }, createRandom(seed)));
    expect(actions).toEqual(actions.map(() => ({ kind: 'write', text: expect.stringMatching(/^\/(?:horoscope|tarot|natal|premium|help)/u) })));
  });

  test('presses the own sign of twelve, never another', () => {
    const member = memberOf('horoscope');
    const signs = message('bot', 'Sign?', {
      buttons: [ZODIAC_SIGNS.map((sign) => ({ text: sign, callbackData: `sign:${sign}:start` })), [{ text: 'by date', callbackData: 'sign_by_date:start' }]],
    });
    const actions = Array.from({ length: 100 }, (_, seed) => decideAction(member, chat([signs]), answered, createRandom(seed)));
    const pressed = new Set(actions.flatMap((action) => (action.kind === 'press' ? [action.data] : [])));
    expect(pressed).toEqual(new Set([`sign:${member.sign}:start`]));
  });

  test.each(['start:change_sign', 'natal:change', 'premium:offer', 'delete:yes:7'])('never presses %s, which ends a visit', (callbackData) => {
    const welcome = message('bot', 'Hello again!', { buttons: [[{ text: 'Change', callbackData }]] });
    expect(findOffer(chat([welcome]))).toBeNull();
    for (let seed = 0; seed < 60; seed += 1) expect(decideAction(memberOf('natal'), chat([welcome]), answered, createRandom(seed)).kind).toBe('write');
  });

  test('nothing while the bot owes an answer, for a while', () => {
    const asked = chat([message('user', '/tarot')]);
    expect(decideAction(memberOf('tarot'), asked, { ...answered, answeredSince: false, idleMs: PATIENCE_MS - 1 }, Math.random)).toEqual({
      kind: 'wait',
    });
    expect(decideAction(memberOf('tarot'), asked, { ...answered, answeredSince: false, idleMs: PATIENCE_MS }, Math.random)).toMatchObject({
      kind: 'write',
    });
  });

  test('nothing while the bot is typing', () => {
    expect(decideAction(memberOf('tarot'), chat([reading], { isTyping: true }), answered, Math.random)).toEqual({ kind: 'wait' });
  });

  test('types the answer that is asked for', () => {
    const action = decideAction(memberOf('natal'), chat([question]), answered, () => 0.5);
    expect(action).toEqual({ kind: 'write', text: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
  });

  test('presses a button of the last message, each of them sometimes', () => {
    const pressed = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const action = decideAction(memberOf('tarot'), chat([menu]), answered, createRandom(seed));
      if (action.kind === 'press') {
        expect(action.messageId).toBe(menu.messageId);
        pressed.add(action.data);
      }
    }
    expect(pressed).toEqual(new Set(['a', 'b']));
  });

  test('does not press buttons of older messages', () => {
    expect(findOffer(chat([menu, reading]))).toBeNull();
    expect(findOffer(chat([menu, message('user', 'hi')]))).toBeNull();
    expect(findOffer(chat([reading, menu]))).toBe(menu);
    for (let seed = 0; seed < 60; seed += 1) {
      expect(decideAction(memberOf('tarot'), chat([menu, reading]), answered, createRandom(seed)).kind).toBe('write');
    }
  });

  test.each([
    ['horoscope', '/horoscope'],
    ['tarot', '/tarot'],
    ['natal', '/natal'],
  ] as const)('who comes for %s mostly gives %s', (habit, command) => {
    const texts = Array.from({ length: 200 }, (_, seed) => decideAction(memberOf(habit), chat([reading]), answered, createRandom(seed)));
    const count = texts.filter((action) => action.kind === 'write' && action.text.startsWith(command)).length;
    expect(count).toBeGreaterThan(100);
  });

  test('asks the cards with a question in the command itself, or by the menu', () => {
    const texts = Array.from({ length: 100 }, (_, seed) => decideAction(memberOf('tarot'), chat([reading]), answered, createRandom(seed))).map((action) =>
      action.kind === 'write' ? action.text : '',
    );
    expect(texts).toContain('/tarot');
    expect(texts.some((text) => /^\/tarot .+\?$/u.test(text))).toBe(true);
  });

  test('reads one horoscope a day', () => {
    const read = chat([message('user', '/horoscope'), reading]);
    const texts = (today: string) =>
      Array.from({ length: 100 }, (_, seed) => decideAction(memberOf('horoscope'), read, { ...answered, today }, createRandom(seed)));
    expect(texts('2026-11-24')).not.toContainEqual({ kind: 'write', text: '/horoscope' });
    expect(texts('2026-11-25')).toContainEqual({ kind: 'write', text: '/horoscope' });
  });

  test('asks for a natal chart once', () => {
    const done = chat([message('user', '/natal'), reading]);
    for (let seed = 0; seed < 100; seed += 1) {
      expect(decideAction(memberOf('natal'), done, answered, createRandom(seed))).not.toEqual({ kind: 'write', text: '/natal' });
    }
  });

  test('who lapsed blocks the bot in the end, and may come back', () => {
    const kinds = (state: ControlChat) =>
      new Set(Array.from({ length: 60 }, (_, seed) => decideAction(memberOf('lapsed'), state, answered, createRandom(seed)).kind));
    expect(kinds(chat([reading]))).toEqual(new Set(['block', 'write']));
    expect(kinds(chat([reading], { isBlocked: true }))).toEqual(new Set(['return', 'wait']));
  });

  test('nobody else blocks the bot', () => {
    for (const habit of HABITS.filter((one) => one !== 'lapsed')) {
      for (let seed = 0; seed < 60; seed += 1)
        expect(decideAction(memberOf(habit), chat([reading]), answered, createRandom(seed)).kind).toBe('write');
    }
  });
});

test('whatever the chat looks like, the action can be performed', () => {
  const anyMessage = fc.constantFrom(
    question,
    menu,
    reading,
    message('user', 'hi'),
    message('bot', 'x', { isForceReply: true }),
    message('bot', 'y', { buttons: [[]] }),
  );
  fc.assert(
    fc.property(
      fc.array(anyMessage),
      fc.constantFrom(...HABITS),
      fc.boolean(),
      fc.boolean(),
      fc.integer(),
      (messages, habit, isTyping, isBlocked, seed) => {
        const action = decideAction(memberOf(habit), chat(messages, { isTyping, isBlocked }), answered, createRandom(seed));
        if (action.kind === 'press') {
          const target = messages.find(({ messageId }) => messageId === action.messageId);
          expect(target?.buttons.flat().map(({ callbackData }) => callbackData)).toContain(action.data);
        }
        if (action.kind === 'write') expect(action.text.length).toBeGreaterThan(0);
        if (isBlocked) expect(['return', 'wait']).toContain(action.kind);
      },
    ),
  );
});
