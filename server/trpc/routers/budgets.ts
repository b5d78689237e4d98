import { z } from 'zod';
import {
  BudgetBanner, BudgetEventPage, BudgetIdInput, BudgetList, BudgetSettings, CreateBudgetInput, LiftStepInput, ListBudgetEventsInput, UpdateBudgetInput,
} from '#server/contracts/budgets.ts';
import { archiveBudget } from '#server/services/budgets/archive-budget.ts';
import { createBudget } from '#server/services/budgets/create-budget.ts';
import { getBudget } from '#server/services/budgets/get-budget.ts';
import { liftStep } from '#server/services/budgets/lift-step.ts';
import { listBanners } from '#server/services/budgets/list-banners.ts';
import { listBudgets } from '#server/services/budgets/list-budgets.ts';
import { listEvents } from '#server/services/budgets/list-events.ts';
import { updateBudget } from '#server/services/budgets/update-budget.ts';
import { adminProcedure, operatorProcedure, router } from '../init.ts';

export const budgetsRouter = router({
  /** The active budgets with what each has used of its running period. */
  list: adminProcedure.output(BudgetList).query(({ ctx }) => listBudgets(ctx.reports)),
  /** One budget, archived ones too; `NOT_FOUND` for an unknown id. */
  get: adminProcedure
    .input(BudgetIdInput)
    .output(BudgetSettings)
    .query(({ ctx, input }) => getBudget(ctx.reports, input)),
  /** The steps that have fired, the newest first. */
  events: adminProcedure
    .input(ListBudgetEventsInput)
    .output(BudgetEventPage)
    .query(({ ctx, input }) => listEvents(ctx.reports, input)),
  /** The budgets with steps in force now. */
  banners: adminProcedure.output(z.array(BudgetBanner)).query(({ ctx }) => listBanners(ctx.reports)),
  /** `BAD_REQUEST` says which value is refused and why, `CONFLICT` that there are too many. */
  create: operatorProcedure
    .input(CreateBudgetInput)
    .output(z.object({ budgetId: z.int() }))
    .mutation(async ({ ctx, input }) => ({ budgetId: await createBudget(ctx.reports, input, ctx.session.adminId) })),
  /** `CONFLICT` for an archived budget. */
  update: operatorProcedure.input(UpdateBudgetInput).mutation(({ ctx, input }) => updateBudget(ctx.reports, input, ctx.session.adminId)),
  archive: operatorProcedure.input(BudgetIdInput).mutation(({ ctx, input }) => archiveBudget(ctx.reports, input, ctx.session.adminId)),
  /** `CONFLICT` when the step's period is over. */
  lift: operatorProcedure.input(LiftStepInput).mutation(({ ctx, input }) => liftStep(ctx.reports, input, ctx.session.adminId)),
});
