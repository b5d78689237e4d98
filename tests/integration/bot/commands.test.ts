import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANNA, BEN } from '#tests/support/telegram.ts';
import { startBotRig, type BotRig } from '#tests/support/bot.ts';

let rig: BotRig;
beforeAll(async () => {
  rig = await startBotRig();
});
afterAll(() => rig.close());

test('a new user is greeted in the language of Telegram, with twelve signs to choose from', async () => {
  const [russian] = await rig.ask(ANNA, '/start friends');
  const [english] = await rig.ask(BEN, '/start');
  expect(russian?.text).toContain('Кто вы по знаку зодиака?');
  expect(english?.text).toContain('What is your zodiac sign?');
  expect(english?.buttons.flat().filter(({ callbackData }) => callbackData.startsWith('sign:'))).toHaveLength(12);
  const rows = await rig.database.handle.sql`select telegram_user_id, language, source from users order by telegram_user_id`;
  expect(rows.map((row) => [Number(row['telegram_user_id']), row['language'], row['source']])).toEqual([
    [ANNA.id, 'ru', 'friends'],
    [BEN.id, 'en', 'direct'],
  ]);
});

test('a pressed sign is remembered', async () => {
  const [greeting] = await rig.ask(BEN, '/start');
  if (!greeting) throw new Error('no greeting');
  const [saved] = await rig.press(BEN, greeting, 'sign:leo:start');
  expect(saved?.text).toContain('Leo');
  const [row] = await rig.database.handle.sql`select zodiac_sign, dialog from users where telegram_user_id = ${BEN.id}`;
  expect(row).toMatchObject({ zodiac_sign: 'leo', dialog: null });
});

test('the bot follows a Telegram that is switched to another language, also in readings', async () => {
  const nina = { id: 7_300_000_001, firstName: 'Nina', languageCode: 'en' };
  const russian = { ...nina, languageCode: 'ru' };
  await rig.ask(nina, '/help');
  const [greeting] = await rig.ask(russian, '/start');
  expect(greeting?.text).toContain('Кто вы по знаку зодиака?');
  if (!greeting) throw new Error('silence');
  await rig.press(russian, greeting, 'sign:leo:start');
  const [reading] = await rig.ask(russian, '/horoscope');
  expect(reading?.text).toMatch(/[а-яё]{4}/iu);
  const [row] = await rig.database.handle.sql`select language from horoscopes`;
  expect(row).toMatchObject({ language: 'ru' });
});
