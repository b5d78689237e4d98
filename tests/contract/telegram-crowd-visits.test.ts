import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PATIENCE_MS } from '#server/sandbox/crowd/decide.ts';
import { createPeople, type CrowdMember, type Habit } from '#server/sandbox/crowd/people.ts';
import { startCrowd, type RunningCrowd } from '#server/sandbox/crowd/run-crowd.ts';
import { createRandom } from '#server/sandbox/random.ts';
import { startTestTelegram, type TestTelegram } from '#tests/support/telegram.ts';

/** Draws below every share: who can do something rare does it. */
const RARE = () => 0.05;
/** Draws above the shares of what is rare, and below those of what is usual. */
const USUAL = () => 0.5;

let telegram: TestTelegram;
let crowd: RunningCrowd | null = null;

beforeEach(async () => {
  telegram = await startTestTelegram();
});
afterEach(async () => {
  await crowd?.stop();
  crowd = null;
  vi.useRealTimers();
  await telegram.close();
});

function memberOf(habit: Habit): CrowdMember {
  const [anybody] = createPeople(1, 1);
  if (!anybody) throw new Error('the crowd is empty');
  return { ...anybody, habit };
}

function letIn(members: readonly CrowdMember[], random: () => number): RunningCrowd {
  const failures: string[] = [];
  crowd = startCrowd({ client: telegram.control, members, isAcquainted: () => false, random, meanGapMs: 5, onFailure: (text) => failures.push(text) });
  return crowd;
}

/** What the bot was told, in short. */
async function told(): Promise<string[]> {
  const updates = await telegram.api.getUpdates();
  return updates.map(({ message, callback_query, my_chat_member }) =>
    message ? (message.text ?? '') : callback_query ? `pressed ${callback_query.data}` : `now ${my_chat_member?.new_chat_member.status}`,
  );
}

/** Lets all clocks but that of the machine's timers jump. */
function jump(ms: number): void {
  const nowMs = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs + ms });
}

describe('a visit', () => {
  test('with a bot that says nothing is /start and a minute and a half of patience, then a command', async () => {
    const member = memberOf('tarot');
    const running = letIn([member], USUAL);
    await expect.poll(told).toEqual(['/start']);
    jump(PATIENCE_MS - 5_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.actionCount()).toBe(1);
    jump(5_001);
    await expect.poll(told).toHaveLength(2);
    expect((await told())[1]).toMatch(/^\/(?:horoscope|tarot|natal|help)$/u);
  });

  test('waits for the answer to its last action, not to an earlier one', async () => {
    const member = memberOf('tarot');
    await telegram.control.write(member.person, '/start');
    await telegram.api.sendMessage(member.person.id, 'Your reading.');
    const running = letIn([member], USUAL);
    await expect.poll(() => running.actionCount()).toBe(1);
    jump(PATIENCE_MS - 5_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.actionCount()).toBe(1);
    await telegram.api.sendMessage(member.person.id, 'Another reading.');
    await expect.poll(() => running.actionCount()).toBe(2);
  });

  test('goes on with a button of the last message only, no sooner than a person can react', async () => {
    const member = memberOf('horoscope');
    await telegram.control.write(member.person, '/start');
    await telegram.api.sendMessage(member.person.id, 'Old', { reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'old' }]] } });
    await telegram.api.sendMessage(member.person.id, 'New', { reply_markup: { inline_keyboard: [[{ text: 'B', callback_data: 'new' }]] } });
    const running = letIn([member], USUAL);
    await expect.poll(told).toEqual(['/start', 'pressed new']);
    await telegram.api.sendMessage(member.person.id, 'Next', { reply_markup: { inline_keyboard: [[{ text: 'C', callback_data: 'next' }]] } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.actionCount()).toBe(1);
    jump(2_001);
    await expect.poll(told).toEqual(['/start', 'pressed new', 'pressed next']);
  });

  test('does not disturb a bot that is typing', async () => {
    const member = memberOf('horoscope');
    await telegram.control.write(member.person, '/start');
    await telegram.api.sendChatAction(member.person.id, 'typing');
    const running = letIn([member], USUAL);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.actionCount()).toBe(0);
    await telegram.api.sendMessage(member.person.id, 'Done.');
    await expect.poll(() => running.actionCount()).toBe(1);
  });
});

describe('who has lapsed', () => {
  test('blocks the bot after an answer and comes back with /start', async () => {
    const member = memberOf('lapsed');
    await telegram.control.write(member.person, '/start');
    await telegram.api.sendMessage(member.person.id, 'Your reading.');
    letIn([member], RARE);
    await expect.poll(told, { timeout: 10_000 }).toEqual(['/start', 'now kicked', 'now member', '/start']);
    expect(await telegram.control.readChat(member.person.id)).toMatchObject({ isBlocked: false });
  });

  test('stays away as long as nothing brings them back', async () => {
    const member = memberOf('lapsed');
    await telegram.control.changeMember({ chatId: member.person.id, from: member.person, isBlocked: true });
    const running = letIn([member], USUAL);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([running.actionCount(), await told()]).toEqual([0, ['now kicked']]);
  });
});

test('somebody buys premium soon after every start', async () => {
  const bot = telegram.createBot();
  const sold: number[] = [];
  bot.on('pre_checkout_query', async (ctx) => void (await ctx.answerPreCheckoutQuery(true)));
  bot.on('message:successful_payment', (ctx) => void sold.push(ctx.message.successful_payment.total_amount));
  bot.command('premium', async (ctx) => void (await ctx.replyWithInvoice('Premium', 'A month', 'x', 'XTR', [{ label: 'Premium', amount: 250 }])));
  bot.on('message', async (ctx) => void (await ctx.reply('Welcome.')));
  const polling = bot.start();
  letIn(createPeople(1, 20), createRandom('a start'));
  await expect.poll(() => sold.length, { timeout: 15_000 }).toBeGreaterThan(0);
  expect(sold[0]).toBe(250);
  await bot.stop();
  await polling;
}, 20_000);

test('whoever waits for the bot does not keep the others away', async () => {
  const members = createPeople(1, 6);
  const running = letIn(members, USUAL);
  await expect.poll(() => running.actionCount()).toBe(6);
  const writers = (await telegram.api.getUpdates()).map(({ message }) => message?.from?.id ?? 0);
  expect([...writers].sort()).toEqual(members.map(({ person }) => person.id).sort());
});

test('a failed action is reported and made up for when the stand-in is back', async () => {
  const member = memberOf('tarot');
  const failures: string[] = [];
  await telegram.close();
  crowd = startCrowd({ client: telegram.control, members: [member], isAcquainted: () => false, random: USUAL, meanGapMs: 5, onFailure: (text) => failures.push(text) });
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  telegram = await startTestTelegram({ port: Number(new URL(telegram.apiRoot).port) });
  await expect.poll(told).toEqual(['/start']);
});

test('stopping waits for the action that is under way', async () => {
  const running = letIn([memberOf('tarot')], USUAL);
  await running.stop();
  const count = running.actionCount();
  expect(await told()).toHaveLength(count);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await told()).toHaveLength(count);
});
