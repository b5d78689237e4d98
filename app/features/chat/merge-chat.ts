import type { ChatState } from '#server/contracts/chat.ts';

/** What is known of the chat with the newest changes in it: new and changed messages by id, in their order. */
export function mergeChat(known: ChatState, news: ChatState): ChatState {
  const byId = new Map(known.messages.map((message) => [message.messageId, message]));
  for (const message of news.messages) byId.set(message.messageId, message);
  return { ...news, messages: [...byId.values()].sort((a, b) => a.messageId - b.messageId) };
}
