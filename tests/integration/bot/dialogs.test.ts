import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';
import { createTranslations } from '#server/bot/translations.ts';
import { SILENT_LOGGER, startBotRig, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';
import { handleUpdates, pressOf } from '#tests/support/updates.ts';

const KAZAN_ID = 551_487;

let rig: BotRig;
let nextId = 6_000_000;
beforeAll(async () => {
  rig = await startBotRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  const { sql } = rig.database.handle;
  await sql`truncate users, tarot_spreads, natal_charts, horoscopes`;
  await Promise.all([rig.ask(ANNA, '/help'), rig.ask(BEN, '/help')]);
});

/** Presses a button that hangs under no message of this chat any more, and gives the last words of the bot. */
async function pressOld(data: string): Promise<string> {
  await handleUpdates(rig, pressOf((nextId += 1), BEN, { data }));
  return lastWords();
}
const lastWords = async () => (await rig.replies(BEN)).at(-1)?.text ?? '';
const ben = async () => {
  const [row] = await rig.database.handle.sql`select *, birth_date::text as birth_day, dialog->>'step' as step from users where telegram_user_id = ${BEN.id}`;
  return row ?? {};
};
const know = (column: string, value: string) => rig.database.handle.sql`update users set ${rig.database.handle.sql({ [column]: value })} where telegram_user_id = ${BEN.id}`;

test('every sign is understood by its name in either language, however it is written, and by what its button says', async () => {
  const { t } = createTranslations(SILENT_LOGGER);
  for (const sign of ZODIAC_SIGNS) {
    const [english, russian] = [t('en', `sign-${sign}`), t('ru', `sign-${sign}`)];
    for (const typed of [english, ` ${english.split(' ')[1]?.toUpperCase() ?? ''} `, russian.split(' ')[1] ?? '']) {
      await know('zodiac_sign', '');
      await rig.ask(BEN, '/start');
      const [saved] = await rig.ask(BEN, typed);
      expect(saved?.text).toContain(`Your sign is ${english}`);
    }
    expect(await ben()).toMatchObject({ zodiac_sign: sign, step: null });
  }
});

test('a text that names no sign is not guessed at: the question stays open', async () => {
  await rig.ask(BEN, '/start');
  for (const typed of ['Leo and Virgo', 'leopard', '♌', 'знак', 'none']) {
    const [reply] = await rig.ask(BEN, typed);
    expect(reply).toMatchObject({ isForceReply: true, text: expect.stringContaining("can't read that") as string });
  }
  expect(await ben()).toMatchObject({ zodiac_sign: null, step: 'sign' });
});

test('a birth date that gives the sign is kept for the natal chart, which then asks for the time only', async () => {
  await rig.ask(BEN, '/start');
  await rig.ask(BEN, '17.05.1990');
  const [hint, question] = await rig.ask(BEN, '/natal', 2);
  expect(hint?.buttons.flat().map(({ callbackData }) => callbackData)).toEqual(['natal:time_unknown']);
  expect(question?.placeholder).toBe('14:30');
});

test.each(['unknown', "I don't know it", 'I don’t know', 'не знаю', 'Неизвестно', 'не помню точно'])('%j is an unknown birth time', async (typed) => {
  await rig.ask(BEN, '/natal', 2);
  await rig.ask(BEN, '17.05.1990', 2);
  const [question] = await rig.ask(BEN, typed);
  expect(question?.text).toContain('In which city');
  expect(await ben()).toMatchObject({ birth_time: null, is_birth_time_unknown: true, step: 'natal_place' });
});

test('a dialog goes on where it was with another process', async () => {
  await rig.ask(BEN, '/natal', 2);
  await rig.ask(BEN, '17.05.1990', 2);
  await rig.runtime.stop();
  rig.createRuntime().start();
  const [question] = await rig.ask(BEN, '14:30');
  expect(question?.text).toContain('In which city');
});

test('an old button for an unknown time, pressed before any date is known, asks for the date', async () => {
  expect(await pressOld('natal:time_unknown')).toContain('When were you born?');
  expect(await ben()).toMatchObject({ is_birth_time_unknown: false, step: 'natal_date' });
});

test('a place that is chosen before date and time is kept, and what is missing is asked for, in order', async () => {
  expect(await pressOld(`place:${KAZAN_ID}`)).toContain('When were you born?');
  expect(await ben()).toMatchObject({ birth_place: 'Kazan, Russia', birth_time_zone: 'Europe/Moscow' });
  await rig.ask(BEN, '17.05.1990', 2);
  const [question] = await rig.ask(BEN, '14:30');
  expect(question?.text).toContain('In which city');
});

test('a place that is chosen when only the time is missing leads to the time', async () => {
  await know('birth_date', '1990-05-17');
  expect(await pressOld(`place:${KAZAN_ID}`)).toContain('At what time');
  expect(await ben()).toMatchObject({ birth_place: 'Kazan, Russia', step: 'natal_time' });
});

test('the chart shows every body as it was computed, with who goes backwards, ascendant first', async () => {
  await rig.ask(BEN, '/natal', 2);
  await rig.ask(BEN, '17.05.1990', 2);
  await rig.ask(BEN, '14:30');
  const [chart] = await rig.ask(BEN, 'Kazan');
  const [row] = await rig.database.handle.sql`
    select jsonb_path_query_array(positions, '$.bodies[*].isRetrograde') as flags from natal_charts`;
  const lines = chart?.text.split('\n\n')[1]?.split('\n') ?? [];
  expect(lines[0]).toMatch(/^Ascendant: . \w+ \d+°$/u);
  expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual(['Sun', 'Moon', 'Mercury', 'Venus', 'Mars', 'Jupiter', 'Saturn', 'Uranus', 'Neptune', 'Pluto']);
  expect(lines.slice(1).map((line) => line.endsWith(', retrograde'))).toEqual(row?.['flags']);
  expect(row?.['flags']).toContain(true);
  expect(row?.['flags']).toContain(false);
});

test('a question of exactly 500 characters is read, one more is asked for again, and an emoji is one character', async () => {
  for (const character of ['a', '🔮']) {
    const [refusal] = await rig.ask(BEN, `/tarot ${character.repeat(501)}`);
    expect(refusal?.text).toContain('has 1 character too many');
    const [reading] = await rig.ask(BEN, `/tarot ${character.repeat(500)}`);
    expect(reading?.text).toContain(`Three cards\n${character.repeat(500)}\nPast: `);
  }
});

test('a question as long as Telegram allows is refused in words, and the shorter one that follows is read', async () => {
  const [refusal] = await rig.ask(BEN, `/tarot ${'я'.repeat(4_089)}`);
  expect(refusal?.text).toContain('has 3,589 characters too many');
  const [reading] = await rig.ask(BEN, 'Shorter now?');
  expect(reading?.text).toContain('Three cards\nShorter now?');
});
