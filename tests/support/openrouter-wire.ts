import { z } from 'zod';
import { TEST_API_KEY, type TestOpenRouter } from './openrouter.ts';

const Choice = z.looseObject({
  finish_reason: z.string().nullable(),
  delta: z.looseObject({ content: z.string().optional() }),
});

const Chunk = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  choices: z.array(Choice),
  usage: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

/** One message of a stream as it came over the wire. */
export type StreamChunk = z.infer<typeof Chunk>;

/** A stream as it came over the wire. */
export interface ReadStream {
  readonly comments: readonly string[];
  readonly chunks: readonly StreamChunk[];
  /** Whether `[DONE]` was the last word. */
  readonly isDone: boolean;
  /** Whether the connection broke instead of ending. */
  readonly isBroken: boolean;
  readonly text: string;
}

/** A chat request that asks for a short English horoscope, or for what is wanted instead. */
export function chatBody(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Horoscope for Leo in English' }], max_tokens: 900, ...overrides };
}

/** Posts a chat as bytes or as JSON, past every client library. */
export function postChat(openRouter: TestOpenRouter, body: string | Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
  return fetch(`${openRouter.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_API_KEY}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

/** Gets a path of the API with a key; null sends none. */
export function getApi(openRouter: TestOpenRouter, path: string, key: string | null = TEST_API_KEY): Promise<Response> {
  return fetch(`${openRouter.url}${path}`, { headers: key === null ? {} : { authorization: `Bearer ${key}` } });
}

/** Reads server-sent events until they end or break. */
export async function readStream(response: Response): Promise<ReadStream> {
  const { text: raw, isBroken } = await readUntilBreak(response);
  const blocks = raw.split('\n\n').filter((block) => block !== '');
  const data = blocks.filter((block) => block.startsWith('data: ')).map((block) => block.slice('data: '.length));
  const chunks = data.filter((each) => each !== '[DONE]').map((each) => Chunk.parse(JSON.parse(each)));
  return {
    comments: blocks.filter((block) => block.startsWith(':')),
    chunks,
    isDone: data.at(-1) === '[DONE]' && raw.endsWith('\n\n'),
    isBroken,
    text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
  };
}

/** What came of a body before it ended or broke. */
export async function readUntilBreak(response: Response): Promise<{ readonly text: string; readonly isBroken: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
    return { text, isBroken: false };
  } catch {
    return { text, isBroken: true };
  }
}
