import type { SandboxChat } from '#server/contracts/chat.ts';
import { AppError } from '#server/errors.ts';
import type { Person } from './telegram/control-schemas.ts';
import { createControlClient } from './telegram/control-client.ts';

/** The Telegram id of the person that admin N is at the chat page: this plus N. Above 32 bits, as new real ids are. */
export const CHAT_PERSON_ID_BASE = 9_000_000_000;

const NAME_BY_LANGUAGE = { en: 'Guest', ru: 'Гость' } as const;

/** The chat page's side of the Telegram stand-in. Its methods reject with `AppError` (`unavailable`, `not_found`, `conflict`). */
export function createSandboxChat(options: { readonly controlUrl: string; readonly timeoutMs?: number }): SandboxChat {
  const client = createControlClient(options);
  return {
    async list(adminId, after) {
      const { sequence, isTyping, messages } = await client.readChat(personId(adminId), after);
      return {
        sequence,
        isTyping,
        messages: messages.map(({ messageId, from, text, html, sentAt, buttons, invoice, payment }) => {
          return { messageId, from, text, html, sentAt, buttons, ...(invoice && { invoice }), ...(payment && { payment }) };
        }),
      };
    },
    async send(adminId, { text, language }) {
      await client.sendMessage({ chatId: personId(adminId), from: toPerson(adminId, language), text });
    },
    async press(adminId, { messageId, callbackData, language }) {
      await client.pressButton({ chatId: personId(adminId), from: toPerson(adminId, language), messageId, data: callbackData });
    },
    async pay(adminId, { messageId, language }) {
      await client.payInvoice({ chatId: personId(adminId), from: toPerson(adminId, language), messageId }).catch((error: unknown) => {
        // Pressed twice: the chat shows that it is paid or being paid.
        if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      });
    },
  };
}

function personId(adminId: number): number {
  return CHAT_PERSON_ID_BASE + adminId;
}

function toPerson(adminId: number, language: 'en' | 'ru'): Person {
  return { id: personId(adminId), firstName: NAME_BY_LANGUAGE[language], languageCode: language };
}
