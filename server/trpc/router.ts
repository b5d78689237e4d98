import { createCallerFactory, router } from './init.ts';
import { budgetsRouter } from './routers/budgets.ts';
import { chatRouter } from './routers/chat.ts';
import { costsRouter } from './routers/costs.ts';
import { driftRouter } from './routers/drift.ts';
import { economicsRouter } from './routers/economics.ts';
import { errorsRouter } from './routers/errors.ts';
import { generationsRouter } from './routers/generations.ts';
import { healthRouter } from './routers/health.ts';
import { healthHistoryRouter } from './routers/health-history.ts';
import { incidentsRouter } from './routers/incidents.ts';
import { jobsRouter } from './routers/jobs.ts';
import { maintenanceRouter } from './routers/maintenance.ts';
import { overviewRouter } from './routers/overview.ts';
import { parityRouter } from './routers/parity.ts';
import { performanceRouter } from './routers/performance.ts';
import { pricesRouter } from './routers/prices.ts';
import { usersRouter } from './routers/users.ts';
import { wasteRouter } from './routers/waste.ts';

export const appRouter = router({
  overview: overviewRouter,
  costs: costsRouter,
  economics: economicsRouter,
  generations: generationsRouter,
  performance: performanceRouter,
  errors: errorsRouter,
  jobs: jobsRouter,
  users: usersRouter,
  waste: wasteRouter,
  prices: pricesRouter,
  budgets: budgetsRouter,
  drift: driftRouter,
  health: healthRouter,
  healthHistory: healthHistoryRouter,
  incidents: incidentsRouter,
  maintenance: maintenanceRouter,
  parity: parityRouter,
  chat: chatRouter,
});

export type AppRouter = typeof appRouter;

/** Makes the caller that loaders use: the same procedures without HTTP. */
export const createCaller = createCallerFactory(appRouter);
export type ApiCaller = ReturnType<typeof createCaller>;
