import { plainText, sliceRuns, type TextRun } from './runs.ts';

/** Telegram's limit of a message, in UTF-16 units after entity parsing. */
export const MESSAGE_UNITS_MAX = 4_096;

/** Where a message may end, best first: after a paragraph, a line, a sentence, a word. */
const BREAKS: readonly RegExp[] = [/\n\s*\n/g, /\n/g, /[.!?…]["»”)]*\s+/g, /\s+/g];
/** A message is not cut before this share of the limit for the sake of a nicer place. */
const FILL_RATIO_MIN = 0.3;

/**
 * Cuts a long text into messages at paragraphs, else lines, sentences, words, and only at last inside a word, never
 * inside a surrogate pair. White space at the cuts and around the text is dropped; everything else stays, in order.
 */
export function splitMessage(runs: readonly TextRun[], unitsMax = MESSAGE_UNITS_MAX): TextRun[][] {
  const text = plainText(runs);
  const messages: TextRun[][] = [];
  const end = text.trimEnd().length;
  let from = skipSpace(text, 0);
  while (from < end) {
    const to = end - from <= unitsMax ? end : cutPoint(text, from, unitsMax);
    const trimmedTo = from + text.slice(from, to).trimEnd().length;
    if (trimmedTo > from) messages.push(sliceRuns(runs, from, trimmedTo));
    from = skipSpace(text, to);
  }
  return messages;
}

function cutPoint(text: string, from: number, unitsMax: number): number {
  const window = text.slice(from, from + unitsMax);
  for (const pattern of BREAKS) {
    const end = [...window.matchAll(pattern)].map((match) => match.index + match[0].length).findLast((at) => at >= unitsMax * FILL_RATIO_MIN);
    if (end !== undefined) return from + end;
  }
  const isInsidePair = isHighSurrogate(window.charCodeAt(window.length - 1));
  return from + Math.max(isInsidePair ? window.length - 1 : window.length, 1);
}

function skipSpace(text: string, from: number): number {
  return from + (text.slice(from).length - text.slice(from).trimStart().length);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
