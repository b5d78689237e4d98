import { PayChatInvoiceInput, PressChatButtonInput, SendChatInput } from '#server/contracts/chat.ts';
import type { Language } from '#server/contracts/vocabulary.ts';

export type ChatRefusal = 'too_long' | 'not_sent' | 'unreachable';

/** What became of a form that was posted. */
export interface SendAnswer {
  readonly isSent: boolean;
  readonly refusal: ChatRefusal | null;
}

export type ChatForm =
  | { readonly kind: 'send'; readonly input: SendChatInput }
  | { readonly kind: 'press'; readonly input: PressChatButtonInput }
  | { readonly kind: 'pay'; readonly input: PayChatInvoiceInput }
  | { readonly kind: 'refused'; readonly refusal: ChatRefusal };

/** Reads what the chat page posts: a text, the button of a message, or that an invoice is to be paid. */
export function parseChatForm(form: FormData, language: Language): ChatForm {
  if (form.has('pay')) {
    const pay = PayChatInvoiceInput.safeParse({ messageId: Number(form.get('messageId')), language });
    return pay.success ? { kind: 'pay', input: pay.data } : { kind: 'refused', refusal: 'not_sent' };
  }
  if (form.has('callbackData')) {
    const messageId = Number(form.get('messageId'));
    const press = PressChatButtonInput.safeParse({ messageId, callbackData: form.get('callbackData'), language });
    return press.success ? { kind: 'press', input: press.data } : { kind: 'refused', refusal: 'not_sent' };
  }
  const send = SendChatInput.safeParse({ text: form.get('text'), language });
  if (send.success) return { kind: 'send', input: send.data };
  const isTooLong = send.error.issues.some(({ code }) => code === 'too_big');
  return { kind: 'refused', refusal: isTooLong ? 'too_long' : 'not_sent' };
}
