import { afterEach, beforeEach, expect, test } from 'vitest';
import { setCommands } from '#server/bot/set-commands.ts';
import { SILENT_LOGGER, startBotRig, waitFor, type BotRig } from '#tests/support/bot.ts';
import { BEN } from '#tests/support/telegram.ts';

let rig: BotRig;
beforeEach(async () => {
  rig = await startBotRig({ isStopped: true, worker: { prepareRetryMs: 50 } });
});
afterEach(() => rig.close());

test('the command menu is set in both languages', async () => {
  await setCommands(rig.telegram.api, SILENT_LOGGER);
  const english = await rig.telegram.api.getMyCommands();
  const russian = await rig.telegram.api.getMyCommands({ language_code: 'ru' });
  expect(english.map(({ command }) => command)).toEqual(['horoscope', 'tarot', 'natal', 'premium', 'start', 'delete', 'help']);
  expect(english[0]?.description).toBe('Horoscope for today');
  expect(russian[0]?.description).toBe('Гороскоп на сегодня');
});

test('a Telegram that does not tell who the bot is costs time, never an update', async () => {
  await rig.telegram.control.addFault({ method: 'getMe', kind: 'error', errorCode: 401, times: 2 });
  const { updateId } = await rig.telegram.control.write(BEN, '/help');
  rig.runtime.start();
  const [reply] = await rig.replies(BEN);
  expect(reply?.text).toContain('What I can do');
  const row = await waitFor('the end', async () => {
    const [found] = await rig.database.handle.sql`select attempts from inbox where update_id = ${updateId} and status = 'done'`;
    return found ?? null;
  });
  expect(row['attempts']).toBe(1);
});

test('a sign may be typed, in either language, or follow from a birth date', async () => {
  rig.runtime.start();
  const zodiac = async () => (await rig.database.handle.sql`select zodiac_sign, birth_date::text as birth_date from users`)[0];
  await rig.ask(BEN, '/start');
  await rig.ask(BEN, 'лев');
  expect(await zodiac()).toMatchObject({ zodiac_sign: 'leo', birth_date: null });
  const [welcome] = await rig.ask(BEN, '/start');
  expect(welcome?.text).toContain('Your sign is ♌ Leo');
  if (!welcome) throw new Error('silence');
  const [question] = await rig.press(BEN, welcome, 'start:change_sign');
  if (!question) throw new Error('silence');
  const [dateQuestion] = await rig.press(BEN, question, 'sign_by_date:start');
  expect(dateQuestion).toMatchObject({ isForceReply: true, placeholder: '1990-05-17' });
  const [saved] = await rig.ask(BEN, '17.05.1990');
  expect(saved?.text).toContain('♉ Taurus');
  expect(await zodiac()).toMatchObject({ zodiac_sign: 'taurus', birth_date: '1990-05-17' });
});

test('a birth date given for a horoscope brings the horoscope', async () => {
  rig.runtime.start();
  await rig.ask(BEN, '/horoscope');
  const [horoscope] = await rig.ask(BEN, '1990-05-17');
  expect(horoscope?.text).toContain('♉ Taurus · ');
  const [row] = await rig.database.handle.sql`select dialog from users`;
  expect(row?.['dialog']).toBeNull();
});

test('a button of an older release is answered, not ignored', async () => {
  rig.runtime.start();
  const [help] = await rig.ask(BEN, '/help');
  if (!help) throw new Error('silence');
  for (const data of ['sign:dragon:start', 'place:1', 'retry:spread:999999', 'gone']) {
    const sent = await rig.telegram.control.press(BEN, help.messageId, data);
    await waitFor('the end', async () => {
      const rows = await rig.database.handle.sql`select 1 from inbox where update_id = ${sent.updateId} and status = 'done'`;
      return rows.length > 0 ? true : null;
    });
  }
  const replies = await rig.replies(BEN, 4, help.messageId);
  expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: 4 }, () => 'This button no longer works.'));
  const answered = (await rig.telegram.control.journal()).filter(({ method }) => method === 'answerCallbackQuery');
  expect(answered).toHaveLength(4);
});
