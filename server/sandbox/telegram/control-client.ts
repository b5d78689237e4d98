import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import {
  ControlChat,
  SentMessage,
  SentUpdate,
  type ChangeMemberInput,
  type PayInvoiceInput,
  type PressButtonInput,
  type SendMessageInput,
} from './control-schemas.ts';

/** What a person can do at the stand-in. All reject with `AppError`: `unavailable` when it does not answer in time. */
export interface ControlClient {
  /** `conflict` when the person has blocked the bot. */
  sendMessage(input: SendMessageInput): Promise<z.infer<typeof SentMessage>>;
  /** `not_found` when the bot sent no such message, `conflict` as above. */
  pressButton(input: PressButtonInput): Promise<z.infer<typeof SentUpdate>>;
  /** What comes of it shows in the chat. `not_found` when the bot sent no such invoice, `conflict` as above, or when it is paid or being paid. */
  payInvoice(input: PayInvoiceInput): Promise<z.infer<typeof SentUpdate>>;
  changeMember(input: ChangeMemberInput): Promise<z.infer<typeof SentUpdate>>;
  /** What changed after a sequence; 0 for all that is remembered. */
  readChat(chatId: number, after?: number): Promise<ControlChat>;
}

const TIMEOUT_MS = 5_000;
const CODE_BY_STATUS = { 400: 'bad_input', 404: 'not_found', 409: 'conflict' } as const;
const Failure = z.object({ error: z.string() });

/** A client of the control API at `controlUrl` (no slash at the end). Calls are not repeated: a message would be sent twice. */
export function createControlClient({ controlUrl, timeoutMs = TIMEOUT_MS }: { controlUrl: string; timeoutMs?: number }): ControlClient {
  const request = async <T extends z.ZodType>(schema: T, path: string, body?: unknown): Promise<z.output<T>> => {
    const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const { status, content } = await exchange(`${controlUrl}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    if (status !== 200) throw toAppError(status, content);
    const parsed = schema.safeParse(content);
    if (!parsed.success) throw new AppError('unavailable', 'The sandbox gave an answer that makes no sense.', parsed.error);
    return parsed.data;
  };
  return {
    sendMessage: (input) => request(SentMessage, '/messages', input),
    pressButton: (input) => request(SentUpdate, '/callbacks', input),
    payInvoice: (input) => request(SentUpdate, '/payments', input),
    changeMember: (input) => request(SentUpdate, '/members', input),
    readChat: (chatId, after = 0) => request(ControlChat, `/chats/${chatId}?after=${after}`),
  };
}

async function exchange(url: string, init: RequestInit): Promise<{ status: number; content: unknown }> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, content: await response.json() };
  } catch (error) {
    throw new AppError('unavailable', 'The sandbox does not answer.', error);
  }
}

function toAppError(status: number, content: unknown): AppError {
  const failure = Failure.safeParse(content);
  const cause = new Error(`control API answered ${status}: ${failure.success ? failure.data.error : 'without a reason'}`);
  if (status !== 400 && status !== 404 && status !== 409) return new AppError('unavailable', 'The sandbox does not answer.', cause);
  return new AppError(CODE_BY_STATUS[status], failure.success ? failure.data.error : 'The sandbox refused this.', cause);
}
