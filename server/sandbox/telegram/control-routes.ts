import { Router, json, type ErrorRequestHandler, type RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { ChangeMemberInput, FaultInput, PayInvoiceInput, PressButtonInput, RefundInput, SendMessageInput } from './control-schemas.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Journal } from './journal.ts';
import { changeMember, pressButton, viewChat, writeMessage } from './person-actions.ts';
import { payInvoice, refundCharge } from './person-payments.ts';
import type { World } from './world.ts';

/** What the people's side of the stand-in works on. */
export interface ControlDeps {
  readonly world: World;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  pollCount(): number;
}

const Sequence = z.coerce.number().int().nonnegative().default(0);
const ChatParams = z.object({ chatId: z.coerce.number().int() });
const ChatQuery = z.object({ after: Sequence });
const JournalQuery = z.object({ after: Sequence, chatId: z.coerce.number().int().optional() });

/** The control API under `/control`: what people do, what they see, what the bot called, and faults on order. */
export function createControlRouter({ world, journal, faults, pollCount }: ControlDeps): Router {
  const router = Router();
  router.use(json());
  router.post(
    '/messages',
    answer(({ body }) => writeMessage(world, SendMessageInput.parse(body))),
  );
  router.post(
    '/callbacks',
    answer(({ body }) => pressButton(world, PressButtonInput.parse(body))),
  );
  router.post(
    '/payments',
    answer(({ body }) => payInvoice(world, PayInvoiceInput.parse(body))),
  );
  router.post(
    '/refunds',
    answer(({ body }) => refundCharge(world, RefundInput.parse(body))),
  );
  router.post(
    '/members',
    answer(({ body }) => changeMember(world, ChangeMemberInput.parse(body))),
  );
  router.get(
    '/chats/:chatId',
    answer(({ params, query }) => viewChat(world, ChatParams.parse(params).chatId, ChatQuery.parse(query).after)),
  );
  router.get(
    '/journal',
    answer(({ query }) => {
      const { after, chatId } = JournalQuery.parse(query);
      return { entries: journal.list(after, chatId) };
    }),
  );
  router.get(
    '/pending',
    answer(() => ({ count: world.updates.pendingCount, isPolling: world.updates.isPolling, pollCount: pollCount() })),
  );
  router.post(
    '/faults',
    answer(({ body }) => faults.add(FaultInput.parse(body))),
  );
  router.delete(
    '/faults',
    answer(() => faults.clear()),
  );
  router.use((_req, res) => void res.status(404).json({ error: 'There is no such path.' }));
  router.use(answerFailed);
  return router;
}

type Input = Pick<Parameters<RequestHandler>[0], 'body' | 'params' | 'query'>;

function answer(work: (input: Input) => unknown): RequestHandler {
  return (req, res) => void res.json(work(req) ?? {});
}

const answerFailed: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (error instanceof AppError) return void res.status(error.httpStatus).json({ error: error.message });
  if (error instanceof z.ZodError) return void res.status(400).json({ error: z.prettifyError(error) });
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  if (status === 400) return void res.status(400).json({ error: 'The request cannot be read.' });
  if (status === 413) return void res.status(413).json({ error: 'The body is too large.' });
  return void res.status(500).json({ error: 'The stand-in failed.' });
};
