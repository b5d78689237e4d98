import type { Language } from '#server/contracts/vocabulary.ts';

/** A card of the deck; ids are stored and never change. */
export interface TarotCard {
  readonly id: string;
  readonly names: Readonly<Record<Language, string>>;
}

const MAJOR_ARCANA: readonly (readonly [id: string, en: string, ru: string])[] = [
  ['fool', 'The Fool', 'Шут'],
  ['magician', 'The Magician', 'Маг'],
  ['high_priestess', 'The High Priestess', 'Верховная Жрица'],
  ['empress', 'The Empress', 'Императрица'],
  ['emperor', 'The Emperor', 'Император'],
  ['hierophant', 'The Hierophant', 'Иерофант'],
  ['lovers', 'The Lovers', 'Влюблённые'],
  ['chariot', 'The Chariot', 'Колесница'],
  ['strength', 'Strength', 'Сила'],
  ['hermit', 'The Hermit', 'Отшельник'],
  ['wheel_of_fortune', 'Wheel of Fortune', 'Колесо Фортуны'],
  ['justice', 'Justice', 'Справедливость'],
  ['hanged_man', 'The Hanged Man', 'Повешенный'],
  ['death', 'Death', 'Смерть'],
  ['temperance', 'Temperance', 'Умеренность'],
  ['devil', 'The Devil', 'Дьявол'],
  ['tower', 'The Tower', 'Башня'],
  ['star', 'The Star', 'Звезда'],
  ['moon', 'The Moon', 'Луна'],
  ['sun', 'The Sun', 'Солнце'],
  ['judgement', 'Judgement', 'Суд'],
  ['world', 'The World', 'Мир'],
];

const SUITS: readonly (readonly [id: string, en: string, ru: string])[] = [
  ['wands', 'Wands', 'Жезлов'],
  ['cups', 'Cups', 'Кубков'],
  ['swords', 'Swords', 'Мечей'],
  ['pentacles', 'Pentacles', 'Пентаклей'],
];

const RANKS: readonly (readonly [id: string, en: string, ru: string])[] = [
  ['ace', 'Ace', 'Туз'],
  ['two', 'Two', 'Двойка'],
  ['three', 'Three', 'Тройка'],
  ['four', 'Four', 'Четвёрка'],
  ['five', 'Five', 'Пятёрка'],
  ['six', 'Six', 'Шестёрка'],
  ['seven', 'Seven', 'Семёрка'],
  ['eight', 'Eight', 'Восьмёрка'],
  ['nine', 'Nine', 'Девятка'],
  ['ten', 'Ten', 'Десятка'],
  ['page', 'Page', 'Паж'],
  ['knight', 'Knight', 'Рыцарь'],
  ['queen', 'Queen', 'Королева'],
  ['king', 'King', 'Король'],
];

/** The 78 cards: 22 major arcana, then four suits of fourteen. */
export const DECK: readonly TarotCard[] = [
  ...MAJOR_ARCANA.map(([id, en, ru]) => ({ id, names: { en, ru } })),
  ...SUITS.flatMap(([suit, suitEn, suitRu]) =>
    RANKS.map(([rank, rankEn, rankRu]) => ({
      id: `${rank}_of_${suit}`,
      names: { en: `${rankEn} of ${suitEn}`, ru: `${rankRu} ${suitRu}` },
    })),
  ),
];

const cardsById = new Map(DECK.map((card) => [card.id, card]));

/** The name of a card; the id itself for one that the deck does not know. */
export function cardName(cardId: string, language: Language): string {
  return cardsById.get(cardId)?.names[language] ?? cardId;
}
