import { createCallerFactory, router } from './init.ts';
import { chatRouter } from './routers/chat.ts';
import { healthRouter } from './routers/health.ts';
import { overviewRouter } from './routers/overview.ts';

export const appRouter = router({ overview: overviewRouter, health: healthRouter, chat: chatRouter });

export type AppRouter = typeof appRouter;

/** Makes the caller that loaders use: the same procedures without HTTP. */
export const createCaller = createCallerFactory(appRouter);
export type ApiCaller = ReturnType<typeof createCaller>;
