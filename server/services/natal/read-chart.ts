import { eq } from 'drizzle-orm';
import { natalCharts, type NatalChart } from '#db/schema/index.ts';
import type { Prompt } from '#server/ai/types.ts';
import { Language, type Plan } from '#server/contracts/vocabulary.ts';
import { runGeneration } from '../generations/run-generation.ts';
import type { GenerationDeps, GenerationResult } from '../generations/types.ts';

export interface ReadChartInput {
  readonly chart: NatalChart;
  readonly plan: Plan;
  readonly updateId: number | null;
  readonly prompt: Prompt;
}

/** The interpretation of a chart: the stored one, or one generation that stores it. */
export async function readChart(deps: GenerationDeps, input: ReadChartInput): Promise<GenerationResult> {
  const { chart } = input;
  if (chart.text !== null && chart.requestId !== null) {
    return { status: 'answered', text: chart.text, requestId: chart.requestId, source: 'store' };
  }
  return runGeneration(deps, {
    operation: 'natal_chart',
    userId: chart.userId,
    plan: input.plan,
    updateId: input.updateId,
    language: Language.parse(chart.language),
    prompt: input.prompt,
    store: async (tx, { text, requestId }) => {
      await tx.update(natalCharts).set({ text, requestId }).where(eq(natalCharts.id, chart.id));
    },
  });
}
