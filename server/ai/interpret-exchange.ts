import type { CompletionStream } from './completion-stream.ts';
import type { ExchangeResult } from './exchange.ts';
import { interpretCompletion, parseAnswer, readTrace } from './parse-answer.ts';
import type { LlmOutcome } from './types.ts';

type WithoutDuration<T> = T extends unknown ? Omit<T, 'durationMs'> : never;
type Interpreted = WithoutDuration<LlmOutcome>;

/** What an exchange amounts to, whether the answer was streamed or came whole, and whether or not it came to its end. */
export function interpretExchange(result: ExchangeResult, stream: CompletionStream): Interpreted {
  if (result.kind === 'body' && !result.isEventStream) return withStatus(parseAnswer(result.text, result.generationId));
  // What was complete stays so, also when the connection broke on its last word.
  if (stream.isComplete) return withStatus(interpretCompletion(stream.toCompletion(), result.generationId));
  const trace = readTrace(stream.toCompletion(), result.generationId);
  // A cost in what did come settles the question.
  const isKnown = trace.bill?.costUsd != null;
  if (result.kind === 'failed') return { ...result, ...trace, wasBilled: isKnown ? 'yes' : result.wasBilled };
  const detail = 'the stream ended before the answer did';
  return { kind: 'failed', errorType: 'invalid_response', detail, httpStatus: 200, ...trace, wasBilled: isKnown ? 'yes' : 'unknown' };
}

function withStatus(answer: ReturnType<typeof parseAnswer>): Interpreted {
  return answer.kind === 'answered' ? answer : { ...answer, httpStatus: 200 };
}
