import type { Request, RequestHandler, Response } from 'express';
import { sleep } from '#server/lib/sleep.ts';
import { bookEnd } from './book-generation.ts';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import { buildCompletion, buildCompletionBody } from './completion-body.ts';
import type { StandInContext } from './context.ts';
import { sendError } from './errors.ts';
import { type Fault, type FaultMode, isBodyFault, isPlain } from './fault-queue.ts';
import { openJson, padForever } from './json-response.ts';
import { isOutOfCredit } from './key-limit.ts';
import { sendPlainFault, statusOfPlainFault } from './plain-faults.ts';
import { type Generation, planGeneration } from './plan-generation.ts';
import { sendStream, type StreamPlan } from './stream-response.ts';

/** How each fault of sending shows in a stream. */
const STREAM_BREAKS: Partial<Record<FaultMode, StreamPlan['breakBy']>> = {
  midstream_error: 'error',
  cut_stream: 'cut',
  truncated_json: 'cut',
  destroy_after_headers: 'reset',
  stall_after_headers: 'stall',
  bill_then_hang: 'stall',
};

/** `POST /chat/completions`: answers, bills and journals; scripted faults strike here. */
export function answerChat(context: StandInContext): RequestHandler {
  return (req, res, next) => {
    serve(context, req, res).catch(next);
  };
}

async function serve(context: StandInContext, req: Request, res: Response): Promise<void> {
  const parsed = parseChatRequest(req.body);
  if (!parsed.isValid) {
    recordUnbilled(context, parsed.requestedModel, 400, null);
    return sendError(res, 400, parsed.message);
  }
  const { request } = parsed;
  if (isOutOfCredit(context)) {
    recordUnbilled(context, request.requestedModel, 402, request.externalUser);
    return sendError(res, 402);
  }
  const fault = context.faults.take('completion');
  if (fault && fault.delayMs > 0) await sleep(fault.delayMs);
  if (fault && isPlain(fault.mode)) {
    recordUnbilled(context, request.requestedModel, statusOfPlainFault(fault.mode), request.externalUser);
    return sendPlainFault(res, fault, context.clock.now().getTime());
  }
  const generation = planGeneration(request, context.seed, context.clock.now());
  await (request.isStreamed ? stream : answer)(context, res, request, generation, fault);
}

async function answer(
  context: StandInContext,
  res: Response,
  request: ChatRequest,
  generation: Generation,
  fault: Fault | null,
): Promise<void> {
  const completion = buildCompletion(generation, fault && isBodyFault(fault.mode) ? fault.mode : null);
  const book = (isBilled: boolean, finishReason: string | null) =>
    bookEnd(context, { request, generation, isBilled, isByok: completion.isByok, finishReason, isCancelled: res.destroyed });
  await openJson(res, generation.id, (generation.latencyMs + generation.generationTimeMs) * context.latencyScale);

  const body = JSON.stringify(buildCompletionBody(request, generation, completion));
  switch (fault?.mode) {
    case 'stall_after_headers':
      book(false, null);
      return padForever(res);
    case 'bill_then_hang':
      book(true, generation.finishReason);
      return padForever(res);
    case 'destroy_after_headers':
      book(true, generation.finishReason);
      // The half must be on its way before the connection breaks.
      res.write(body.slice(0, body.length / 2), () => res.destroy());
      return;
    case 'truncated_json':
    case 'cut_stream':
      book(true, generation.finishReason);
      res.end(body.slice(0, body.length / 2));
      return;
    case 'midstream_error': {
      const failed = buildCompletion(generation, 'choice_error');
      book(false, 'error');
      res.end(JSON.stringify(buildCompletionBody(request, generation, failed)));
      return;
    }
    default:
      // A client that went away is billed in full: the model did its work.
      book(completion.isBilled, completion.choices?.[0]?.finish_reason ?? null);
      res.end(body);
  }
}

async function stream(
  context: StandInContext,
  res: Response,
  request: ChatRequest,
  generation: Generation,
  fault: Fault | null,
): Promise<void> {
  const mode = fault?.mode;
  const completion = buildCompletion(generation, mode && isBodyFault(mode) ? mode : null);
  const scale = context.latencyScale;
  await sendStream(res, {
    request,
    generation,
    completion,
    breakBy: (mode && STREAM_BREAKS[mode]) ?? null,
    latencyMs: generation.latencyMs * scale,
    generationTimeMs: generation.generationTimeMs * scale,
    onSettled: (end, sentCharacters) => {
      // Zero completion insurance: a stream that was left before its first word costs nothing.
      const isEmpty = end === 'left' && sentCharacters === 0;
      const isBilled = end !== 'error' && !isEmpty && completion.isBilled && mode !== 'stall_after_headers';
      const finishReason = end === 'error' ? 'error' : mode === 'stall_after_headers' ? null : (completion.choices?.[0]?.finish_reason ?? null);
      const sentShare = end === 'left' && generation.text.length > 0 ? sentCharacters / generation.text.length : 1;
      bookEnd(context, { request, generation, isBilled, isByok: completion.isByok, finishReason, isCancelled: end === 'left', sentShare });
    },
  });
}

function recordUnbilled(context: StandInContext, model: string, httpStatus: number, externalUser: string | null): void {
  const at = context.clock.now().toISOString();
  context.journal.record({
    at,
    generationId: null,
    model,
    costUsd: '0',
    outcome: 'not_billed',
    httpStatus,
    externalUser,
    finishReason: null,
  });
}
