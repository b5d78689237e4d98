import type { BotCommand, Update, UserFromGetMe, WebhookInfo } from 'grammy/types';
import { z } from 'zod';
import { ApiError, badRequest } from './api-error.ts';
import { BooleanArgument, IntegerArgument, jsonArgument, parseArguments, type Arguments } from './read-arguments.ts';
import type { World } from './world.ts';

const COMMANDS_MAX = 100;
const UPDATES_PER_POLL_MAX = 100;
const CONNECTIONS_DEFAULT = 40;
const SECRET_LENGTH_MAX = 256;

const AllowedUpdates = { allowed_updates: jsonArgument(z.array(z.string()).optional()).optional() };
const GetUpdatesArguments = z.object({
  offset: IntegerArgument.default(0),
  limit: IntegerArgument.default(100),
  timeout: IntegerArgument.default(0),
  ...AllowedUpdates,
});
const AnswerArguments = z.object({ callback_query_id: z.string().default(''), text: z.string().optional() });
const CommandScope = {
  scope: jsonArgument(z.looseObject({ type: z.string() }).optional()).optional(),
  language_code: z.string().default(''),
};
const SetCommandsArguments = z.object({
  commands: jsonArgument(z.array(z.object({ command: z.string(), description: z.string() }))),
  ...CommandScope,
});
const SetWebhookArguments = z.object({
  url: z.string().default(''),
  secret_token: z.string().default(''),
  max_connections: IntegerArgument.default(CONNECTIONS_DEFAULT),
  drop_pending_updates: BooleanArgument.default(false),
  ...AllowedUpdates,
});
const DeleteWebhookArguments = z.object({ drop_pending_updates: BooleanArgument.default(false) });

/** A result that Telegram comments on. */
export class Described<T> {
  readonly result: T;
  readonly description: string;

  constructor(result: T, description: string) {
    this.result = result;
    this.description = description;
  }
}

export function getMe(world: World): UserFromGetMe {
  return {
    ...world.bot,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
    supports_guest_queries: false,
  };
}

/** Waits for updates. Rejects with `ApiError` 409 while a webhook is set, or when another poll takes over. */
export async function getUpdates(world: World, values: Arguments, signal: AbortSignal): Promise<readonly Update[]> {
  const call = parseArguments(GetUpdatesArguments, values);
  if (world.webhook.current) {
    throw new ApiError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
  }
  const limit = call.limit < 1 || call.limit > UPDATES_PER_POLL_MAX ? UPDATES_PER_POLL_MAX : call.limit;
  return world.updates.poll({ offset: call.offset, limit, timeoutSeconds: call.timeout, allowedUpdates: call.allowed_updates }, signal);
}

export function answerCallbackQuery(world: World, values: Arguments): true {
  const call = parseArguments(AnswerArguments, values);
  if (!world.callbacks.isOpen(call.callback_query_id))
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  if ((call.text ?? '').length > 200) throw badRequest('MESSAGE_TOO_LONG');
  return true;
}

export function setMyCommands(world: World, values: Arguments): true {
  const call = parseArguments(SetCommandsArguments, values);
  if (call.commands.length > COMMANDS_MAX) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  for (const { command, description } of call.commands) {
    if (!/^\/?[a-z\d_]{1,32}$/u.test(command)) throw badRequest('BOT_COMMAND_INVALID');
    if (description.trim() === '' || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  world.commands.set(
    commandKey(call),
    call.commands.map(({ command, description }) => ({ command: command.replace(/^\//u, ''), description })),
  );
  return true;
}

export function getMyCommands(world: World, values: Arguments): readonly BotCommand[] {
  return world.commands.get(commandKey(parseArguments(z.object(CommandScope), values))) ?? [];
}

export function deleteMyCommands(world: World, values: Arguments): true {
  world.commands.delete(commandKey(parseArguments(z.object(CommandScope), values)));
  return true;
}

function commandKey(call: { scope?: Readonly<Record<string, unknown>> | undefined; language_code: string }): string {
  return JSON.stringify([call.scope ?? { type: 'default' }, call.language_code]);
}

export function setWebhook(world: World, values: Arguments): Described<true> {
  const call = parseArguments(SetWebhookArguments, values);
  if (call.url === '') return deleteWebhook(world, values);
  if (!isWebhookUrl(call.url)) throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (call.secret_token.length > SECRET_LENGTH_MAX) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/u.test(call.secret_token)) throw badRequest('secret token contains unallowed characters');
  if (call.drop_pending_updates) world.updates.drop();
  world.updates.allow(call.allowed_updates);
  world.updates.endWaitingPoll('terminated by setWebhook request');
  const connectionsMax = Math.min(Math.max(call.max_connections, 1), 100);
  world.webhook.set({ url: call.url, secretToken: call.secret_token === '' ? null : call.secret_token, connectionsMax });
  return new Described(true, 'Webhook was set');
}

/** Plain HTTP is taken on this machine only, as a Bot API server of one's own does. */
function isWebhookUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)))
  );
}

export function deleteWebhook(world: World, values: Arguments): Described<true> {
  const call = parseArguments(DeleteWebhookArguments, values);
  if (call.drop_pending_updates) world.updates.drop();
  const wasSet = world.webhook.current !== null;
  if (wasSet) world.webhook.set(null);
  return new Described(true, wasSet ? 'Webhook was deleted' : 'Webhook is already deleted');
}

export function getWebhookInfo(world: World): WebhookInfo {
  const webhook = world.webhook.current;
  const lastError = world.webhook.lastError;
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: world.updates.pendingCount,
    ...(webhook ? { max_connections: webhook.connectionsMax } : {}),
    ...(lastError ? { last_error_date: lastError.atSeconds, last_error_message: lastError.message } : {}),
  };
}
