import type { Prompt } from '../types.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import { READING_TOKENS_MAX, asData, readerInstructions } from './shared.ts';

/** A point of the chart as a prompt names it. */
export interface PromptPoint {
  readonly name: string;
  readonly sign: string;
  /** Whole degrees within the sign. */
  readonly degree: number;
  readonly isRetrograde: boolean;
  readonly house: number | null;
}

export interface NatalChartPromptInput {
  readonly points: readonly PromptPoint[];
  /** False: no ascendant and no houses, and the Moon may be off by some degrees. */
  readonly isTimeKnown: boolean;
  readonly place: string;
}

/** The interpretation of a natal chart whose positions are computed already. */
export function natalChartPrompt(language: Language, input: NatalChartPromptInput): Prompt {
  return {
    system: readerInstructions('You are an astrologer who interprets natal charts. Use the given positions only, never others.', language),
    user: [
      'The natal chart of the reader, born in',
      asData('place', input.place),
      ...input.points.map(describePoint),
      input.isTimeKnown ? '' : 'The birth time is unknown: do not speak of the ascendant or of houses.',
      'Interpret it: character, feelings, relationships, calling.',
    ]
      .filter((line) => line !== '')
      .join('\n'),
    completionTokensMax: READING_TOKENS_MAX,
  };
}

function describePoint(point: PromptPoint): string {
  const house = point.house === null ? '' : `, house ${point.house}`;
  return `${point.name}: ${point.degree}° ${point.sign}${house}${point.isRetrograde ? ', retrograde' : ''}`;
}
