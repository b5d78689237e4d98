import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBotRig, type BotRig } from '#tests/support/bot.ts';
import { ANNA, BEN } from '#tests/support/telegram.ts';
import { commandText, endsOf, handleUpdates, messageFrom, nowSeconds, pressOf, privateChat, sentBy, senderOf } from '#tests/support/updates.ts';

const GROUP = { id: -1_000_000_000_001, type: 'supergroup', title: 'Friends' };

let rig: BotRig;
let nextId = 5_000_000;
const id = () => (nextId += 1);
beforeAll(async () => {
  rig = await startBotRig();
  await Promise.all([rig.ask(ANNA, '/help'), rig.ask(BEN, '/help')]);
});
afterAll(() => rig.close());
beforeEach(() => rig.database.handle.sql`update users set dialog = null`);

/** What the bot wrote to anybody while these updates were handled; each of them must have ended, at the first attempt. */
async function wordsFor(...updates: Parameters<typeof handleUpdates>[1][]): Promise<string[]> {
  const before = (await sentTexts()).length;
  await handleUpdates(rig, ...updates);
  // The stand-in knows no groups: what is sent to one fails, as it does where the bot may not write.
  const ends = await endsOf(rig);
  for (const { update_id: updateId } of updates) expect(ends).toContainEqual(expect.stringMatching(`^${updateId} (done|failed) 1$`));
  return (await sentTexts()).slice(before);
}
const sentTexts = async () => {
  const entries = await rig.telegram.control.journal();
  return entries.filter(({ method }) => method === 'sendMessage').map(({ payload }) => String(payload['text']));
};
const stepOf = async () => {
  const [row] = await rig.database.handle.sql`select dialog->>'step' as step from users where telegram_user_id = ${BEN.id}`;
  return row?.['step'];
};
const countOf = async (table: 'users' | 'tarot_spreads' | 'interactions') => rig.database.handle.sql`select 1 from ${rig.database.handle.sql(table)}`.then((rows) => rows.length);

test('an edited question is not a second question: no answer, no cards, no call', async () => {
  const spreads = await countOf('tarot_spreads');
  const { message, ...rest } = messageFrom(id(), BEN, commandText('/tarot Will I move?'));
  expect(await wordsFor({ ...rest, ...{ edited_message: { ...message, edit_date: nowSeconds() } } })).toEqual([]);
  expect(await countOf('tarot_spreads')).toBe(spreads);
});

test('a photo, with or without words, is answered and leaves an open question open', async () => {
  const photo = [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }];
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  await rig.press(BEN, menu, 'tarot:three');
  const words = await wordsFor(messageFrom(id(), BEN, { photo }), messageFrom(id(), BEN, { photo, caption: 'What does /tarot say of it?' }));
  expect(words).toEqual([expect.stringContaining("I don't know what to do with that"), expect.stringContaining("I don't know what to do with that")]);
  expect(await stepOf()).toBe('tarot_question');
});

test.each([
  ['voice', { voice: { file_id: 'x', file_unique_id: 'x', duration: 1 } }],
  ['location', { location: { latitude: 1, longitude: 2 } }],
  ['contact', { contact: { phone_number: '1', first_name: 'x' } }],
  ['dice', { dice: { emoji: '🎲', value: 3 } }],
])('a %s is answered, never met with silence', async (_what, content) => {
  expect(await wordsFor(messageFrom(id(), BEN, content))).toEqual([expect.stringContaining("I don't know what to do with that")]);
});

test('a slash within a question is a part of it, not a command that ends it', async () => {
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  await rig.press(BEN, menu, 'tarot:three');
  const [reading] = await rig.ask(BEN, 'Shall I move, yes /no ?');
  expect(reading?.text).toContain('Three cards\nShall I move, yes /no ?');
  expect(await stepOf()).toBeNull();
});

test('a command that nobody knows is answered and ends an open question', async () => {
  const [menu] = await rig.ask(BEN, '/tarot');
  if (!menu) throw new Error('silence');
  await rig.press(BEN, menu, 'tarot:three');
  const [reply] = await rig.ask(BEN, '/weather');
  expect(reply?.text).toContain("I don't know what to do with that");
  expect(await stepOf()).toBeNull();
});

test('in a group the bot answers its own commands with the way to it, and nothing else', async () => {
  const users = await countOf('users');
  const written = (content: object) => messageFrom(id(), BEN, content, GROUP);
  const { username } = await rig.telegram.api.getMe();
  const own = await wordsFor(written(commandText('/tarot')), written(commandText(`/tarot@${username.toUpperCase()} now`)));
  expect(own).toEqual([expect.stringContaining(`@${username}`), expect.stringContaining(`@${username}`)]);
  const middle = { text: 'try /tarot', entities: [{ type: 'bot_command', offset: 4, length: 6 }] };
  const photo = [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }];
  expect(await wordsFor(written(commandText('/roll@dice_bot')), written(middle), written({ text: 'hello' }), written({ photo }))).toEqual([]);
  expect(await countOf('users')).toBe(users);
});

test('a button in a group, a button of an inline message and a game button harm nobody', async () => {
  const [interactions, users] = [await countOf('interactions'), await countOf('users')];
  const { callback_query: inline, ...rest } = pressOf(id(), BEN, { data: 'tarot:card' });
  const grouped = pressOf(id(), BEN, { data: 'tarot:card', message: { message_id: 1, date: 0, chat: GROUP } });
  const { message: _message, ...withoutMessage } = inline;
  expect(await wordsFor(grouped, { ...rest, ...{ callback_query: { ...withoutMessage, inline_message_id: 'x' } } })).toEqual([]);
  expect([await countOf('interactions'), await countOf('users')]).toEqual([interactions, users]);
  expect(await wordsFor(pressOf(id(), BEN, { game_short_name: 'x' }))).toEqual(['This button no longer works.']);
});

test.each(['', ' ', 'sign:leo', 'sign:leo:start:x', 'sign:Leo:start', 'place:', 'place:-1', 'place:99999999999', 'retry:spread:1 or 1=1', 'retry:spread:9999999999999999', 'tarot:card ', 'TAROT:CARD', '🔮'.repeat(16)])(
  'a button with data that the bot never gave (%j) is answered as outdated and changes nothing',
  async (data) => {
    const [before] = await rig.database.handle.sql`select zodiac_sign, birth_place, dialog from users where telegram_user_id = ${BEN.id}`;
    expect(await wordsFor(pressOf(id(), BEN, { data }))).toEqual(['This button no longer works.']);
    const [after] = await rig.database.handle.sql`select zodiac_sign, birth_place, dialog from users where telegram_user_id = ${BEN.id}`;
    expect(after).toEqual(before);
  },
);

test('being added to a group is no block and makes nobody a user', async () => {
  const [users, interactions] = [await countOf('users'), await countOf('interactions')];
  const bot = { id: 1, is_bot: true, first_name: 'b' };
  const change = (chat: object, status: string) => ({
    update_id: id(),
    my_chat_member: { chat, from: senderOf(BEN), date: nowSeconds(), old_chat_member: { user: bot, status: 'left' }, new_chat_member: { user: bot, status } },
  });
  expect(await wordsFor(change(GROUP, 'member'), change(GROUP, 'kicked'))).toEqual([]);
  expect([await countOf('users'), await countOf('interactions')]).toEqual([users, interactions]);
  expect(await wordsFor(change(privateChat(BEN), 'kicked'))).toEqual([]);
  expect(await rig.database.handle.sql`select 1 from users where blocked_at is not null`).toHaveLength(1);
});

test('kinds of updates that the bot never asked for end without a word', async () => {
  const poll = { id: '1', question: 'x', options: [], total_voter_count: 0 };
  const channel = { id: -1_002, type: 'channel', title: 'c' };
  const updates = [
    { update_id: id(), ...{ poll } },
    { update_id: id(), ...{ channel_post: { message_id: 1, date: nowSeconds(), chat: channel, ...commandText('/tarot') } } },
    { update_id: id(), ...{ inline_query: { id: '1', from: senderOf(BEN), query: 'x', offset: '' } } },
    { update_id: id(), ...{ of_next_year: { something: true } } },
    { update_id: id() },
  ];
  expect(await wordsFor(...updates)).toEqual([]);
});

test('a text with a character that Postgres cannot keep is answered all the same', async () => {
  const words = await wordsFor(messageFrom(id(), BEN, commandText('/tarot Is \u0000 this \ud800 well?')));
  expect(words).toEqual([expect.stringContaining('Is  this \ufffd well?')]);
  expect((await sentBy(rig, BEN.id)).at(-1)?.['text']).toContain('Three cards');
});
