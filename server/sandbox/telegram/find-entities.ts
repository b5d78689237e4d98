import type { MessageEntity } from 'grammy/types';

type FoundType = 'bot_command' | 'mention' | 'hashtag' | 'url' | 'email';

/** What Telegram marks on its own in a plain message. Earlier rules win where two would overlap. */
const RULES: readonly { readonly type: FoundType; readonly pattern: RegExp }[] = [
  { type: 'url', pattern: /(?<![\w/])https?:\/\/[^\s<>"]+[^\s<>".,!?;:)\]]/gu },
  { type: 'email', pattern: /(?<![\w.+-])[\w.+-]+@[a-z\d-]+(?:\.[a-z\d-]+)+/giu },
  { type: 'bot_command', pattern: /(?<![\w/@<>])\/[a-z\d_]{1,64}(?:@[a-z\d_]{3,32})?(?![\w/])/giu },
  { type: 'mention', pattern: /(?<!\w)@[a-z\d_]{4,32}(?!\w)/giu },
  { type: 'hashtag', pattern: /(?<![\p{L}\p{N}_])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/gu },
];

/** Commands, mentions, hashtags, links and addresses in a text; offsets and lengths in UTF-16 units, in order of offset. */
export function findEntities(text: string): MessageEntity[] {
  const found: MessageEntity[] = [];
  for (const { type, pattern } of RULES) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (!found.some((other) => entity.offset < other.offset + other.length && other.offset < entity.offset + entity.length))
        found.push(entity);
    }
  }
  return found.sort((left, right) => left.offset - right.offset);
}
