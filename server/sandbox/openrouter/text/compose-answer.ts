import { pick, type Random, shuffle } from '../../random.ts';
import { countTokens } from './count-tokens.ts';
import type { PhraseBank } from './phrase-bank.ts';
import { PHRASES_EN } from './phrases-en.ts';
import { PHRASES_RU } from './phrases-ru.ts';
import type { Subject } from './read-prompt.ts';

const SENTENCES_PER_PARAGRAPH = 3;
/** From this length on, real models put headings over their paragraphs. */
const HEADINGS_FROM_TOKENS = 250;
/** Below this length there is no list of advice at the end. */
const ADVICE_FROM_TOKENS = 150;
const ADVICE_COUNT = 3;

/**
 * A reading in paragraphs, about what the prompt names and about `targetTokens` long (never so short that something
 * named is left out), with the light Markdown that real models write.
 */
export function composeAnswer(subject: Subject, targetTokens: number, random: Random): string {
  const bank = subject.language === 'ru' ? PHRASES_RU : PHRASES_EN;
  const blocks = [pick(random, bank.openings[subject.topic]), ...nameSubjects(subject, bank, random)];
  const headings = targetTokens >= HEADINGS_FROM_TOKENS ? shuffle(random, bank.headings) : [];
  const advice = targetTokens >= ADVICE_FROM_TOKENS ? listAdvice(bank, random) : null;

  let filler: string[] = [];
  let length = countTokens(blocks.join('\n\n')) + (advice ? countTokens(advice) : 0);
  while (length < targetTokens) {
    const sentences: string[] = [];
    while (length < targetTokens && sentences.length < SENTENCES_PER_PARAGRAPH) {
      if (filler.length === 0) filler = shuffle(random, bank.filler);
      const sentence = filler.pop() ?? '';
      sentences.push(sentence);
      length += countTokens(sentence);
    }
    const heading = headings.pop();
    blocks.push(heading ? `## ${heading}\n${sentences.join(' ')}` : sentences.join(' '));
  }
  return [...blocks, ...(advice ? [advice] : [])].join('\n\n');
}

/** One sentence for each thing named, so that the reader finds it again. */
function nameSubjects({ topic, cards, positions, sign }: Subject, bank: PhraseBank, random: Random): string[] {
  const fill = (phrases: readonly string[], key: string, value: string) => pick(random, phrases).replace(`{${key}}`, () => value);
  switch (topic) {
    case 'tarot':
      return cards.map(({ name, isReversed }) => fill(isReversed ? bank.reversed : bank.upright, 'card', name));
    case 'natal':
      return positions.map((position) => fill(bank.position, 'position', position));
    case 'horoscope':
      return sign === null ? [] : [fill(bank.sign, 'sign', sign)];
  }
}

function listAdvice(bank: PhraseBank, random: Random): string {
  const items = shuffle(random, bank.advice).slice(0, ADVICE_COUNT);
  return `**${bank.adviceHeading}**\n${items.map((item) => `- ${item}`).join('\n')}`;
}
