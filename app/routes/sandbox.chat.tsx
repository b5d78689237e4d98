import { data, type ActionFunctionArgs, type AppLoadContext, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, type ClientActionFunctionArgs, type ShouldRevalidateFunction } from '@remix-run/react';
import { ChatPage } from '../features/chat/chat-page.tsx';
import { parseChatForm, type ChatForm, type SendAnswer } from '../features/chat/chat-form.ts';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { readPreferences } from '../lib/preferences.ts';
import { isUnreachable } from '../lib/unreachable.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.chat.title);

function requireSandbox(context: AppLoadContext): void {
  if (!context.isSandbox) throw data(null, { status: 404 });
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireSandbox(context);
  requireSession(context, request);
  return { chat: await callApi(request, () => context.api.chat.list({ after: 0 })) };
}

/** Sends a text, presses a button or pays; what it leads to arrives with the next look at the chat. */
export async function action({ request, context }: ActionFunctionArgs) {
  requireSandbox(context);
  requireSession(context, request);
  const form = parseChatForm(await request.formData(), readPreferences(request).language);
  if (form.kind === 'refused') return data<SendAnswer>({ isSent: false, refusal: form.refusal }, { status: 400 });
  await callApi(request, () => carryOut(context.api.chat, form));
  return data<SendAnswer>({ isSent: true, refusal: null });
}

function carryOut(chat: AppLoadContext['api']['chat'], form: Exclude<ChatForm, { kind: 'refused' }>): Promise<unknown> {
  switch (form.kind) {
    case 'send':
      return chat.send(form.input);
    case 'press':
      return chat.press(form.input);
    case 'pay':
      return chat.pay(form.input);
  }
}

/** What could not be sent because nobody answers is said where it was written; the page and the text stay. */
export async function clientAction({ serverAction }: ClientActionFunctionArgs): Promise<SendAnswer> {
  try {
    return await serverAction<SendAnswer>();
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return { isSent: false, refusal: 'unreachable' };
  }
}

/** What sending leads to is looked for by the page itself. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod, defaultShouldRevalidate }) => formMethod === undefined && defaultShouldRevalidate;

export default function SandboxChatPage() {
  const { chat } = useLoaderData<typeof loader>();
  return <ChatPage initial={chat} />;
}
