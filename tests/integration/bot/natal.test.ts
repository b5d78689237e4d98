import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBotRig, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';

let rig: BotRig;
beforeEach(async () => {
  rig = await startBotRig();
});
afterEach(() => rig.close());

const user = async () => (await rig.database.handle.sql`select *, birth_date::text as birth_day from users`)[0];

test('date, time and place asked one after the other give a chart with ascendant, and the same chart again for nothing', async () => {
  const [, dateQuestion] = await rig.ask(BEN, '/natal', 2);
  expect(dateQuestion).toMatchObject({ isForceReply: true, placeholder: '1990-05-17' });
  const [, timeQuestion] = await rig.ask(BEN, '17.05.1990', 2);
  expect(timeQuestion).toMatchObject({ isForceReply: true, placeholder: '14:30' });
  const [placeQuestion] = await rig.ask(BEN, '14:30');
  expect(placeQuestion).toMatchObject({ isForceReply: true, placeholder: 'Moscow' });
  const [chart] = await rig.ask(BEN, 'moscow');
  expect(chart?.text).toContain('Your natal chart\nMay 17, 1990, 14:30, Moscow, Russia');
  expect(chart?.text).toContain('Ascendant: ♍ Virgo');
  expect(chart?.text).toContain('Sun: ♉ Taurus 26°');
  expect(chart?.text).not.toContain('time is unknown');
  expect(await user()).toMatchObject({ birth_day: '1990-05-17', birth_time_zone: 'Europe/Moscow', zodiac_sign: 'taurus', dialog: null });
  const [again] = await rig.ask(BEN, '/natal');
  expect(again?.text).toBe(chart?.text);
  expect((await rig.openRouter.journal()).entries).toHaveLength(1);
  expect(await rig.database.handle.sql`select 1 from natal_charts where delivered_at is not null`).toHaveLength(1);
});

test('an unknown time gives the chart of noon, without ascendant, and says so', async () => {
  await rig.ask(ANNA, '/natal', 2);
  const [hint] = await rig.ask(ANNA, '1990-05-17', 2);
  if (!hint) throw new Error('silence');
  await rig.press(ANNA, hint, 'natal:time_unknown');
  const [chart] = await rig.ask(ANNA, 'Нижний Новгород');
  expect(chart?.text).toContain('время неизвестно, Нижний Новгород, Россия');
  expect(chart?.text).toContain('положения даны на полдень');
  expect(chart?.text).not.toContain('Асцендент');
  expect(await user()).toMatchObject({ birth_time: null, is_birth_time_unknown: true });
});

test('the sign follows a birth date that is given later, and the next horoscope with it', async () => {
  const [greeting] = await rig.ask(BEN, '/start');
  if (!greeting) throw new Error('silence');
  await rig.press(BEN, greeting, 'sign:leo:start');
  await rig.ask(BEN, '/natal', 2);
  await rig.ask(BEN, '17 May 1990', 2);
  expect(await user()).toMatchObject({ birth_day: '1990-05-17', zodiac_sign: 'taurus' });
});

test('of several places of one name the user chooses by a button', async () => {
  await rig.ask(BEN, '/natal', 2);
  await rig.ask(BEN, '1990-05-17', 2);
  await rig.ask(BEN, "I don't know");
  const [choice] = await rig.ask(BEN, 'Springfield');
  if (!choice) throw new Error('silence');
  expect(choice.text).toContain('6 such places');
  expect(choice.buttons).toHaveLength(6);
  const labels = choice.buttons.flat().map(({ text }) => text);
  expect(labels[0]).toMatch(/^Springfield, [A-Z]{2}, United States · [\d,]+ people$/u);
  expect(new Set(labels.map((label) => label.split(' · ')[0])).size).toBeGreaterThanOrEqual(5);
  const [chart] = await rig.press(BEN, choice, choice.buttons[1]?.[0]?.callbackData ?? '');
  expect(chart?.text).toMatch(/Springfield, [A-Z]{2}, United States/u);
});

test('what is no date, time or place is asked for again in words', async () => {
  await rig.ask(BEN, '/natal', 2);
  const refusals = ['tomorrow', '1990-02-30', '2999-01-01', '1799-01-01'];
  const answers: string[] = [];
  for (const refusal of refusals) answers.push((await rig.ask(BEN, refusal))[0]?.text ?? '');
  expect(answers[0]).toContain("can't read that as a date");
  expect(answers[1]).toContain('no such day');
  expect(answers[2]).toContain('still to come');
  expect(answers[3]).toContain('more than a century');
  await rig.ask(BEN, '1990-05-17', 2);
  const [time] = await rig.ask(BEN, '25:00');
  expect(time?.text).toContain("can't read that as a time");
  await rig.ask(BEN, '12:00');
  const [place] = await rig.ask(BEN, 'Qwertyuiopolis');
  expect(place?.text).toContain("don't know this place");
});

test('a failed interpretation is retried on the same chart, and other birth data make another', async () => {
  await rig.ask(BEN, '/natal', 2);
  await rig.ask(BEN, '1990-05-17', 2);
  await rig.ask(BEN, '14:30');
  await rig.openRouter.addFault({ mode: '500' });
  const [apology] = await rig.ask(BEN, 'Kazan');
  if (!apology) throw new Error('silence');
  expect(apology.text).toContain("I'm sorry");
  const [chart] = await rig.press(BEN, apology, 'retry:natal');
  if (!chart) throw new Error('silence');
  expect(chart.text).toContain('Kazan, Russia');
  expect(await rig.database.handle.sql`select 1 from natal_charts`).toHaveLength(1);
  await rig.press(BEN, chart, 'natal:change', 2);
  await rig.ask(BEN, '1991-06-18', 2);
  await rig.ask(BEN, '08:00');
  const [other] = await rig.ask(BEN, 'Kazan');
  expect(other?.text).toContain('June 18, 1991, 08:00');
  expect(await rig.database.handle.sql`select 1 from natal_charts`).toHaveLength(2);
});
