import type { Response } from 'express';
import { sleep } from '#server/lib/sleep.ts';
import type { ChatRequest } from './chat-request.ts';
import type { Completion } from './completion-body.ts';
import { buildError } from './errors.ts';
import { setGenerationHeaders } from './json-response.ts';
import type { Generation } from './plan-generation.ts';

const COMMENT = ': OPENROUTER PROCESSING\n\n';
const CHUNK_LENGTH = 24;

/** How a stream ended: whole, with an error that we sent, cut by us, or left by the client. */
export type StreamEnd = 'complete' | 'error' | 'cut' | 'left';

export interface StreamPlan {
  readonly request: ChatRequest;
  readonly generation: Generation;
  readonly completion: Completion;
  /** Breaks the stream in its middle: an error is sent, it ends cleanly, its connection is reset, or it falls silent. */
  readonly breakBy: 'error' | 'cut' | 'reset' | 'stall' | null;
  readonly latencyMs: number;
  readonly generationTimeMs: number;
  /** Called once, before the client can know that it has everything. */
  readonly onSettled: (end: StreamEnd, sentCharacters: number) => void;
}

/** Sends a completion as server-sent events: comments, chunks, the reason of the end, the usage, `[DONE]`. */
export async function sendStream(res: Response, plan: StreamPlan): Promise<void> {
  const { generation, completion, breakBy } = plan;
  res.status(200);
  res.setHeader('Content-Type', 'text/event-stream');
  res.setHeader('Cache-Control', 'no-cache');
  setGenerationHeaders(res, generation.id);
  res.write(COMMENT);
  await sleep(plan.latencyMs);

  const choice = completion.choices?.[0];
  const pieces = cut(choice?.message.content ?? '');
  const breakAt = breakBy === null ? pieces.length : Math.floor(pieces.length / 2);
  let sentCharacters = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index === breakAt) break;
    if (res.destroyed) return plan.onSettled('left', sentCharacters);
    writeChunk(res, plan, { choices: [delta({ role: 'assistant', content: piece }, null)] });
    sentCharacters += piece.length;
    await sleep(plan.generationTimeMs / pieces.length);
  }
  if (res.destroyed) return plan.onSettled('left', sentCharacters);
  if (breakBy === 'cut' || breakBy === 'reset' || breakBy === 'stall') {
    plan.onSettled('cut', sentCharacters);
    if (breakBy === 'cut') res.end();
    else if (breakBy === 'reset') res.destroy();
    return;
  }
  if (breakBy === 'error' || completion.choices === null || choice?.finish_reason === 'error') {
    plan.onSettled('error', sentCharacters);
    writeChunk(res, plan, { error: buildError(502).error, choices: [delta({ content: '' }, 'error')] });
    res.end();
    return;
  }
  plan.onSettled('complete', sentCharacters);
  if (choice) writeChunk(res, plan, { choices: [delta({ role: 'assistant', content: '' }, choice.finish_reason)] });
  if (completion.usage !== undefined) {
    // Some providers send the usage with an empty list of choices, others with a choice that says nothing.
    const choices = generation.createdAtSeconds % 2 === 0 ? [] : [delta({ role: 'assistant', content: '' }, null)];
    writeChunk(res, plan, { choices, usage: completion.usage });
  }
  res.end('data: [DONE]\n\n');
}

function delta(content: Record<string, string>, finishReason: string | null): Record<string, unknown> {
  return { index: 0, delta: content, finish_reason: finishReason, native_finish_reason: finishReason, logprobs: null };
}

function writeChunk(res: Response, { request, generation }: StreamPlan, rest: Record<string, unknown>): void {
  const chunk = {
    id: generation.id,
    object: 'chat.completion.chunk',
    created: generation.createdAtSeconds,
    model: request.model.id,
    provider: generation.provider,
    ...rest,
  };
  res.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

function cut(text: string): string[] {
  const characters = [...text];
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += CHUNK_LENGTH) pieces.push(characters.slice(start, start + CHUNK_LENGTH).join(''));
  return pieces;
}
