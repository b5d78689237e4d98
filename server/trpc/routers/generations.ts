import { GenerationPage, GenerationStory, GetGenerationInput, ListGenerationsInput } from '#server/contracts/generations.ts';
import { getGeneration } from '#server/services/reports/get-generation.ts';
import { listGenerations } from '#server/services/reports/list-generations.ts';
import { adminProcedure, router } from '../init.ts';

export const generationsRouter = router({
  /** One page of the attempts of a range; `BAD_REQUEST` says which filter is refused and why. */
  list: adminProcedure
    .input(ListGenerationsInput)
    .output(GenerationPage)
    .query(({ ctx, input }) => listGenerations(ctx.reports, input)),
  /** All attempts at the reading to which a request belongs; `NOT_FOUND` for an unknown id. */
  get: adminProcedure
    .input(GetGenerationInput)
    .output(GenerationStory)
    .query(({ ctx, input }) => getGeneration(ctx.reports, input)),
});
