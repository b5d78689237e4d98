import { namePosition, nameSign } from './astrology-names.ts';

/** What an answer should be about, as read from the prompt. */
export interface Subject {
  readonly language: 'en' | 'ru';
  readonly topic: 'horoscope' | 'tarot' | 'natal';
  /** Cards as the prompt names them, in its order. */
  readonly cards: readonly { readonly name: string; readonly isReversed: boolean }[];
  /** Positions that the prompt names, such as "Moon in Leo", in the words of the language. */
  readonly positions: readonly string[];
  /** The zodiac sign that the prompt names, in the words of the language; null when it names none. */
  readonly sign: string | null;
}

const CARDS_MAX = 10;
const POSITIONS_MAX = 12;
/** How far behind its name a card may be said to be reversed. */
const REVERSAL_DISTANCE = 24;

const MAJORS_EN =
  'The Fool|The Magician|The High Priestess|The Empress|The Emperor|The Hierophant|The Lovers|The Chariot|Strength|The Hermit|' +
  'Wheel of Fortune|Justice|The Hanged Man|Death|Temperance|The Devil|The Tower|The Star|The Moon|The Sun|Judgement|The World';
const MINORS_EN = '(?:Ace|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Page|Knight|Queen|King) of (?:Wands|Cups|Swords|Pentacles)';
const MAJORS_RU =
  'Шут|Маг|Верховная Жрица|Жрица|Императрица|Император|Иерофант|Влюбл[её]нные|Колесница|Сила|Отшельник|Колесо Фортуны|' +
  'Справедливость|Повешенный|Смерть|Умеренность|Дьявол|Башня|Звезда|Луна|Солнце|Суд|Страшный Суд|Мир';
const MINORS_RU =
  '(?:Туз|Двойка|Тройка|Четв[её]рка|Пят[её]рка|Шест[её]рка|Сем[её]рка|Восьм[её]рка|Девятка|Десятка|Паж|Рыцарь|Королева|Король) ' +
  '(?:Жезлов|Посохов|Кубков|Чаш|Мечей|Пентаклей|Монет)';
const BEFORE = String.raw`(?<![\p{L}])`;
const AFTER = String.raw`(?![\p{L}])`;
const MINOR_CARD = new RegExp(`${BEFORE}(?:${MINORS_EN}|${MINORS_RU})${AFTER}`, 'gu');
const ANY_CARD = new RegExp(`${BEFORE}(?:${MINORS_EN}|${MAJORS_EN}|${MINORS_RU}|${MAJORS_RU})${AFTER}`, 'gu');
const REVERSED = /revers|перев[её]рн/i;
const TAROT = /tarot|таро/i;

const SIGN_STEMS =
  'Aries|Taurus|Gemini|Cancer|Leo|Virgo|Libra|Scorpio|Sagittarius|Capricorn|Aquarius|Pisces|' +
  'Ов[её]?н|Тел[её]?ц|Тельц|Близнец|Рак|Л[её]в|Льв|Дев|Вес|Скорпион|Стрел[её]?ц|Стрельц|Козерог|Водоле|Рыб';
const SIGN = new RegExp(`${BEFORE}(?:${SIGN_STEMS})\\p{Ll}{0,3}${AFTER}`, 'iu');
const POSITION = new RegExp(
  `${BEFORE}(?:Sun|Moon|Mercury|Venus|Mars|Jupiter|Saturn|Uranus|Neptune|Pluto|Ascendant|Midheaven|` +
    `Солнце|Луна|Меркурий|Венера|Марс|Юпитер|Сатурн|Уран|Нептун|Плутон|Асцендент|Середина неба)` +
    `[^\\p{L}\\n]{1,6}(?:\\p{L}{1,3}[^\\p{L}\\n]{1,3})?(?:${SIGN_STEMS})\\p{Ll}{0,3}${AFTER}`,
  'giu',
);

/** Reads what a prompt asks for: in which language, about which cards, positions or sign. */
export function readPrompt(system: string, user: string): Subject {
  const text = `${system}\n${user}`;
  const language = readLanguage(text);
  const positions = (user.match(POSITION) ?? []).map((each) => namePosition(each.replace(/\s+/g, ' '), language));
  const cards = readCards(text, user);
  const sign = SIGN.exec(user)?.[0] ?? SIGN.exec(system)?.[0];
  return {
    language,
    topic: cards.length > 0 ? 'tarot' : positions.length > 1 ? 'natal' : 'horoscope',
    cards,
    positions: [...new Set(positions)].slice(0, POSITIONS_MAX),
    sign: sign === undefined ? null : nameSign(sign, language),
  };
}

/** "Strength" and "Justice" are words too: names of the major arcana count only where tarot is spoken of. */
function readCards(text: string, user: string): Subject['cards'] {
  const pattern = TAROT.test(text) ? ANY_CARD : MINOR_CARD;
  const found = [...user.matchAll(pattern)].map((match) => ({
    name: match[0],
    isReversed: REVERSED.test(user.slice(match.index, match.index + match[0].length + REVERSAL_DISTANCE).split('\n', 1)[0] ?? ''),
  }));
  return [...new Map(found.map((card) => [card.name, card])).values()].slice(0, CARDS_MAX);
}

function readLanguage(text: string): Subject['language'] {
  if (/\bin russian\b|на русском|по-русски/i.test(text)) return 'ru';
  if (/\bin english\b|на английском|по-английски/i.test(text)) return 'en';
  const cyrillicCount = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latinCount = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return cyrillicCount > latinCount / 2 ? 'ru' : 'en';
}
