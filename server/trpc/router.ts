import { createCallerFactory, router } from './init.ts';
import { budgetsRouter } from './routers/budgets.ts';
import { chatRouter } from './routers/chat.ts';
import { driftRouter } from './routers/drift.ts';
import { generationsRouter } from './routers/generations.ts';
import { healthRouter } from './routers/health.ts';
import { healthHistoryRouter } from './routers/health-history.ts';
import { incidentsRouter } from './routers/incidents.ts';
import { maintenanceRouter } from './routers/maintenance.ts';
import { overviewRouter } from './routers/overview.ts';
import { parityRouter } from './routers/parity.ts';
import { pricesRouter } from './routers/prices.ts';
import { wasteRouter } from './routers/waste.ts';

export const appRouter = router({
  overview: overviewRouter,
  generations: generationsRouter,
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
