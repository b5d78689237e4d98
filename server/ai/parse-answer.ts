import { z } from 'zod';
import type { AiErrorType } from '#server/contracts/vocabulary.ts';
import { computeBill, isCharged } from './compute-bill.ts';
import { isRecord, parseJson, readText, shorten } from './json.ts';
import { readUsage } from './read-usage.ts';
import type { LlmTrace } from './types.ts';

/** What the body of a response with status 200 amounts to; the trace lacks only what the body cannot know. */
export type ParsedAnswer =
  | ({ readonly kind: 'answered'; readonly text: string } & BodyTrace)
  | ({
      readonly kind: 'failed';
      readonly errorType: AiErrorType;
      readonly detail: string;
      readonly wasBilled: 'no' | 'yes' | 'unknown';
    } & BodyTrace);

/** What a body can tell of a call. */
export type BodyTrace = Omit<LlmTrace, 'durationMs'>;
type Failure = Extract<ParsedAnswer, { kind: 'failed' }>;

/** OpenRouter's `code` is a number, or a string in some examples. */
const ErrorBody = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  message: z.string().nullish(),
});

const Choice = z.looseObject({
  finish_reason: z.string().nullish(),
  error: z.unknown().optional(),
  message: z.looseObject({ content: z.string().nullish() }).nullish(),
});

const Body = z.looseObject({
  error: z.unknown().optional(),
  choices: z.array(Choice).nullish(),
});

/**
 * Reads the body of a chat completion that came with status 200, where the status says nothing: it may be an answer, an
 * error in any of three places, an answer without text, half a JSON or a web page.
 * @param headerGenerationId the `X-Generation-Id` of the response.
 */
export function parseAnswer(bodyText: string, headerGenerationId: string | null): ParsedAnswer {
  const json = parseJson(bodyText);
  if (!isRecord(json)) {
    const what = json === undefined ? 'the body is not JSON' : 'the body is not an object';
    return {
      kind: 'failed',
      errorType: 'invalid_response',
      wasBilled: 'unknown',
      detail: `${what}: ${quoteForLog(bodyText.trim())}`,
      ...NOTHING_READ,
      generationId: headerGenerationId,
    };
  }
  return interpretCompletion(json, headerGenerationId);
}

/** What a completion or a stream of pieces begins with, whole or not. */
const COMPLETION = /^(?:[{["]|data:|event:|: )/;

/** A page of the network's edge in its words; of half a completion, which may hold what was written for a person, the size alone. */
function quoteForLog(text: string): string {
  return COMPLETION.test(text) ? `${text.length} characters` : shorten(text);
}

const NOTHING_READ: BodyTrace = { generationId: null, responseModel: null, provider: null, finishReason: null, usage: null, bill: null };

/** What a completion object amounts to, whether it came whole or was put together from a stream. */
export function interpretCompletion(json: Record<string, unknown>, headerGenerationId: string | null): ParsedAnswer {
  const trace = readTrace(json, headerGenerationId);
  const body = Body.safeParse(json);
  if (!body.success) {
    return failed('invalid_response', z.prettifyError(body.error), trace);
  }
  return judge(body.data, trace);
}

function judge(body: z.infer<typeof Body>, trace: BodyTrace): ParsedAnswer {
  if (body.error != null) return failed('error_in_body', describe(body.error), trace);
  const choice = body.choices?.[0];
  if (!choice) return failed('empty_response', 'no choices', trace);
  if (choice.error != null || choice.finish_reason === 'error') {
    return failed('error_in_body', describe(choice.error ?? 'finish_reason is error'), trace);
  }
  const text = choice.message?.content ?? '';
  if (text.trim() === '') return failed('empty_response', `no text, finish_reason ${choice.finish_reason ?? 'absent'}`, trace);
  return { kind: 'answered', text, ...trace };
}

/**
 * An error, and an answer without output and finish reason, are not billed. A cost in the body overrides that;
 * where an answer has neither text nor a cost, only a lookup can tell.
 */
function failed(errorType: Failure['errorType'], detail: string, trace: BodyTrace): Failure {
  const isFree = errorType === 'error_in_body' || (trace.bill?.costUsd != null && errorType === 'empty_response');
  const wasBilled = isCharged(trace.bill) ? 'yes' : isFree ? 'no' : 'unknown';
  const reason = trace.usageProblem ? `${detail}; ${trace.usageProblem}` : detail;
  return { kind: 'failed', errorType, wasBilled, detail: shorten(reason), ...trace };
}

/** Reads what it can also from a body whose other parts are broken: the id and the bill matter most then. */
export function readTrace(json: Record<string, unknown>, headerGenerationId: string | null): BodyTrace {
  const { usage, problem } = readUsage(json['usage']);
  const { bill, problem: billProblem } = computeBill(json['usage']);
  const choices = json['choices'];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const id = readText(json['id']);
  const usageProblem = [problem, billProblem].filter((each) => each !== null).join('; ');
  return {
    generationId: headerGenerationId ?? (id?.startsWith('gen-') ? id : null),
    responseModel: readText(json['model']),
    provider: readText(json['provider']),
    finishReason: isRecord(choice) ? readText(choice['finish_reason']) : null,
    usage,
    bill,
    ...(usageProblem === '' ? {} : { usageProblem }),
  };
}

/** The words of an error object, for logs. */
export function describe(error: unknown): string {
  const parsed = ErrorBody.safeParse(error);
  if (!parsed.success) return typeof error === 'string' ? error : JSON.stringify(error);
  return `${parsed.data.code ?? 'no code'}: ${parsed.data.message ?? 'no message'}`;
}
