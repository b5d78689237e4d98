const CYRILLIC_TO_LATIN: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o',
  п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e',
  ю: 'yu', я: 'ya', і: 'i', ї: 'i', є: 'ye', ґ: 'g', ў: 'u',
};

/** Letters that decomposition leaves whole. */
const SPECIAL_LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i' };

/** A name without case, accents, apostrophes and punctuation: `Tol’yatti` and `TOLYATTI` become `tolyatti`. */
export function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll('и\u0306', '\u0439') // й is a letter of its own, not an accented и
    .replace(/\p{M}/gu, '')
    .replace(/[ßøłđðþæœı]/g, (letter) => SPECIAL_LETTERS[letter] ?? letter)
    .replace(/['’ʼ`´.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Whether a text holds Cyrillic letters. */
export function isCyrillic(text: string): boolean {
  return /\p{Script=Cyrillic}/u.test(text);
}

/** A normalized Cyrillic name in Latin letters, sound by sound. */
export function transliterate(name: string): string {
  return [...name].map((letter) => CYRILLIC_TO_LATIN[letter] ?? letter).join('');
}

/** Spellings of one sound, brought to one letter; longer ones first. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch|sh/g, 'S'],
  [/zh/g, 'Z'],
  [/ch/g, 'C'],
  [/kh|h/g, 'h'],
  [/ts|tz/g, 'T'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/ck|qu|q|c/g, 'k'],
  [/x/g, 'ks'],
  [/w/g, 'v'],
  [/ee|oo|ou/g, 'u'],
  [/[yj]+(?=[aeiou])/g, ''],
  [/[yj]/g, 'i'],
  [/(.)\1+/g, '$1'],
];

/** A rough picture of how a Latin name sounds, for matching a transliterated name with a native spelling. */
export function soundOf(latinName: string): string {
  return SOUNDS.reduce((sound, [spelling, letter]) => sound.replace(spelling, letter), latinName.replaceAll(' ', ''));
}
