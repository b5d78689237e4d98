import type { Messages } from '../messages.ts';

/** Russian texts of the users. */
export const users = {
  title: 'Пользователи',
  windows: {
    title: 'Активны сейчас',
    aside: 'скользящие окна до настоящего момента, от периода не зависят',
    dauOfMau: 'Липкость, день к месяцу',
    dauOfMauNote: 'DAU как доля MAU',
    wauOfMau: 'Липкость, неделя к месяцу',
    wauOfMauNote: 'WAU как доля MAU',
    nobody: 'за месяц никто не был активен',
  },
  range: {
    title: 'За период',
    activeCount: 'Активные пользователи',
    activeCountNote: 'сами что-то делали за период',
    newCount: 'Новые пользователи',
    newCountNote: 'впервые появились за период',
    returningCount: 'Вернувшиеся пользователи',
    returningCountNote: 'активны, а появились до этого периода',
    perActive: 'Действий на активного пользователя',
    perActiveNote_one: 'всего {{formatted}} действие',
    perActiveNote_few: 'всего {{formatted}} действия',
    perActiveNote_many: 'всего {{formatted}} действий',
    perActiveNote_other: 'всего {{formatted}} действия',
    nobody: 'за период никто не был активен',
  },
  retention: {
    label: 'Удержание D{{days}}',
    note_one: 'активны ровно через {{days}} дн. после первого дня: {{active}} из {{formatted}} нового пользователя',
    note_few: 'активны ровно через {{days}} дн. после первого дня: {{active}} из {{formatted}} новых пользователей',
    note_many: 'активны ровно через {{days}} дн. после первого дня: {{active}} из {{formatted}} новых пользователей',
    note_other: 'активны ровно через {{days}} дн. после первого дня: {{active}} из {{formatted}} нового пользователя',
    unknown: 'ни у кого из новых за период день через {{days}} дн. ещё не прошёл',
  },
  overTime: {
    title: 'Пользователи по времени',
    label: 'График активных, новых и вернувшихся пользователей с {{from}} по {{to}}. В таблице ниже те же числа.',
    note: 'В каждом шаге пользователь считается один раз, поэтому активные по шагам не складываются в период.',
    empty: 'За период ботом никто не пользовался.',
  },
  cohorts: {
    title: 'Когорты',
    aside: 'кто из появившихся в этот день был активен ровно через столько дней',
    date: 'Первый день',
    empty: 'В периоде нет ни одного целого дня.',
  },
  sources: {
    title: 'Откуда пришли новые',
    aside: 'слово после /start в их первой ссылке',
    source: 'Источник',
    share: 'Доля',
    rest: 'все остальные',
    total: 'Всего',
    empty: 'За период никто не появился.',
  },
} as const satisfies Messages['users'];
