import { z } from 'zod';
import { type CatalogueModel, DEFAULT_MODEL_ID, findModel } from './model-catalogue.ts';

const MESSAGES_MAX = 1_000;

const TextPart = z.looseObject({ type: z.string(), text: z.string().optional() });
const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(TextPart), z.null()]).optional(),
});

const Body = z.looseObject({
  messages: z.array(Message).min(1).max(MESSAGES_MAX),
  model: z.string().optional(),
  models: z.array(z.string()).optional(),
  stream: z.boolean().nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  user: z.string().nullish(),
});

/** A chat request as the stand-in understands it. */
export interface ChatRequest {
  readonly requestedModel: string;
  readonly model: CatalogueModel;
  readonly system: string;
  readonly user: string;
  readonly completionTokensMax: number | null;
  readonly isStreamed: boolean;
  readonly externalUser: string | null;
}

export type ParsedChatRequest =
  | { readonly isValid: true; readonly request: ChatRequest }
  | { readonly isValid: false; readonly requestedModel: string; readonly message: string };

/** Reads the body of `POST /chat/completions`; what is wrong with it comes in OpenRouter's words. */
export function parseChatRequest(body: unknown): ParsedChatRequest {
  const parsed = Body.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      isValid: false,
      requestedModel: 'unknown',
      message: `Invalid request: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    };
  }
  const { messages, model, models = [], stream, user } = parsed.data;
  const names = [...(model === undefined ? [] : [model]), ...models];
  const requestedModel = names[0] ?? DEFAULT_MODEL_ID;
  const served = names.length === 0 ? findModel(DEFAULT_MODEL_ID) : names.map(findModel).find((each) => each !== undefined);
  if (!served) return { isValid: false, requestedModel, message: `${requestedModel} is not a valid model ID` };

  const textOf = (isWanted: (role: string) => boolean) =>
    messages
      .filter((message) => isWanted(message.role))
      .map(({ content }) => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n')))
      .join('\n');
  const isSystem = (role: string) => role === 'system' || role === 'developer';
  return {
    isValid: true,
    request: {
      requestedModel,
      model: served,
      system: textOf(isSystem),
      user: textOf((role) => !isSystem(role)),
      completionTokensMax: parsed.data.max_completion_tokens ?? parsed.data.max_tokens ?? null,
      isStreamed: stream === true,
      externalUser: user ?? null,
    },
  };
}
