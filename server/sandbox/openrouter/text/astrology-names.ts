import { ZODIAC_SIGNS } from '#server/contracts/vocabulary.ts';

type Language = 'en' | 'ru';

const SIGNS_RU = [
  'Овен',
  'Телец',
  'Близнецы',
  'Рак',
  'Лев',
  'Дева',
  'Весы',
  'Скорпион',
  'Стрелец',
  'Козерог',
  'Водолей',
  'Рыбы',
] as const;

const BODIES_RU: Readonly<Record<string, string>> = {
  sun: 'Солнце',
  moon: 'Луна',
  mercury: 'Меркурий',
  venus: 'Венера',
  mars: 'Марс',
  jupiter: 'Юпитер',
  saturn: 'Сатурн',
  uranus: 'Уран',
  neptune: 'Нептун',
  pluto: 'Плутон',
  ascendant: 'Асцендент',
  midheaven: 'Середина неба',
};

const signsRu = new Map<string, string>(ZODIAC_SIGNS.map((sign, index) => [sign, SIGNS_RU[index] ?? sign]));

/** A sign as a reader of the language knows it; a name that is no English one stays as it is. */
export function nameSign(sign: string, language: Language): string {
  const russian = signsRu.get(sign.toLowerCase());
  if (russian === undefined) return sign;
  return language === 'ru' ? russian : capitalise(sign);
}

/** A position such as `sun: 12° leo` in the words of the language; what is not in English stays as it is. */
export function namePosition(position: string, language: Language): string {
  const words = position.toLowerCase().match(/[a-z]+/g) ?? [];
  const body = words.find((word) => word in BODIES_RU);
  const sign = words.find((word) => signsRu.has(word));
  if (body === undefined || sign === undefined) return position;
  if (language === 'ru') return `${BODIES_RU[body]} в знаке ${nameSign(sign, 'ru')}`;
  return `${capitalise(body)} in ${nameSign(sign, 'en')}`;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
