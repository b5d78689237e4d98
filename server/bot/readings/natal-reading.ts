import { natalChartPrompt, type PromptPoint } from '#server/ai/prompts/natal-chart.ts';
import { Language } from '#server/contracts/vocabulary.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import { openChart, positionsOf, type NatalChart } from '#server/services/natal/charts.ts';
import { readChart } from '#server/services/natal/read-chart.ts';
import type { BirthData, ChartPositions } from '#server/services/natal/types.ts';
import { planOf } from '#server/services/users/types.ts';
import type { ReadingAsk, ReadingDeps } from './types.ts';

/** The user's chart of these birth data, computed and stored on the first ask. */
export function openNatalChart(deps: ReadingDeps, ask: ReadingAsk & { readonly birth: BirthData }): Promise<NatalChart> {
  return openChart(deps.generations.db, { userId: ask.user.id, birth: ask.birth, language: ask.user.language, at: ask.at });
}

/** The interpretation of a chart; asks a model only if it has no text yet. */
export function natalReading(
  deps: ReadingDeps,
  ask: ReadingAsk & { readonly chart: NatalChart; readonly birth: BirthData },
): Promise<GenerationResult> {
  const positions = positionsOf(ask.chart);
  const prompt = natalChartPrompt(Language.parse(ask.chart.language), {
    points: promptPoints(positions),
    isTimeKnown: positions.isTimeKnown,
    place: ask.birth.place,
  });
  return readChart(deps.generations, { chart: ask.chart, plan: planOf(ask.user, ask.at), updateId: ask.updateId, prompt });
}

function promptPoints(positions: ChartPositions): PromptPoint[] {
  const bodies = positions.bodies.map(({ body, sign, degree, isRetrograde, house }) => ({
    name: body,
    sign,
    degree: Math.floor(degree),
    isRetrograde,
    house,
  }));
  const { ascendant } = positions;
  if (!ascendant) return bodies;
  return [...bodies, { name: 'ascendant', sign: ascendant.sign, degree: Math.floor(ascendant.degree), isRetrograde: false, house: null }];
}
