import type { Language } from '#server/contracts/vocabulary.ts';

type ByLanguage = Readonly<Record<Language, readonly string[]>>;

export const FIRST_NAMES: ByLanguage = {
  en: ['Alice', 'Ben', 'Chloe', 'Daniel', 'Emma', 'Finn', 'Grace', 'Henry', 'Isla', 'Jack', 'Lucy', 'Noah', 'Olivia', 'Ruby', 'Sam', 'Zoe'],
  ru: [
    'Анна',
    'Борис',
    'Вера',
    'Глеб',
    'Дарья',
    'Егор',
    'Жанна',
    'Иван',
    'Катя',
    'Лев',
    'Мария',
    'Никита',
    'Ольга',
    'Павел',
    'Соня',
    'Юля',
  ],
};

export const PLACES: ByLanguage = {
  en: ['London', 'New York', 'Paris', 'Berlin', 'Sydney', 'Toronto', 'Dublin', 'Chicago', 'Madrid', 'Tokyo', 'Melbourne', 'Lisbon'],
  ru: ['Москва', 'Казань', 'Екатеринбург', 'Новосибирск', 'Самара', 'Омск', 'Минск', 'Алматы', 'Киев', 'Краснодар', 'Пермь', 'Тбилиси'],
};

export const QUESTIONS: ByLanguage = {
  en: [
    'Should I take the new job?',
    'Will we make up?',
    'Is it the right time to move to another city?',
    'What should I watch out for this month?',
    'How do I find more time for myself?',
    'Does he think about me?',
    'Is it wise to invest my savings now?',
    'What stands between me and my degree?',
  ],
  ru: [
    'Стоит ли мне менять работу?',
    'Помиримся ли мы?',
    'Пора ли переезжать в другой город?',
    'На что обратить внимание в этом месяце?',
    'Как найти больше времени для себя?',
    'Думает ли он обо мне?',
    'Стоит ли сейчас брать ипотеку?',
    'Что мешает мне закончить учёбу?',
  ],
};

/** What people write when they do not read what they were asked. */
export const OFF_TOPIC: ByLanguage = {
  en: ['hi', 'what?', 'I do not remember', '???', 'thanks!'],
  ru: ['привет', 'что?', 'не помню', '???', 'спасибо!'],
};
