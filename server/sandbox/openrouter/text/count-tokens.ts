const LATIN_CHARACTERS_PER_TOKEN = 4;
const CYRILLIC_CHARACTERS_PER_TOKEN = 3;

/** About how many tokens a text is: a quarter of its characters, a third of the Cyrillic ones. */
export function countTokens(text: string): number {
  const cyrillicCount = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  return Math.ceil(cyrillicCount / CYRILLIC_CHARACTERS_PER_TOKEN + (text.length - cyrillicCount) / LATIN_CHARACTERS_PER_TOKEN);
}

/** The longest beginning of a text that has at most so many tokens. */
export function cutToTokens(text: string, tokensMax: number): string {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (countTokens(text.slice(0, middle)) <= tokensMax) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low);
}
