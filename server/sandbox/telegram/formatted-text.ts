import type { MessageEntity } from 'grammy/types';
import { z } from 'zod';

const EntitySpan = z.object({ type: z.string().min(1), offset: z.int().nonnegative(), length: z.int().positive() });

/** What the types that we show hold besides; what belongs to others is taken as it is. */
const EntityDetail = z.union([
  z.object({ type: z.literal('text_link'), url: z.string() }),
  z.object({ type: z.literal('pre'), language: z.string().optional() }),
  z.object({ type: z.string().refine((type) => type !== 'text_link' && type !== 'pre') }),
]);

/** An entity as a client or our own snapshot gives it. */
export const Entity = z.custom<MessageEntity>((value) => EntitySpan.safeParse(value).success && EntityDetail.safeParse(value).success);

const LINK_PROTOCOLS = new Set(['http:', 'https:', 'tg:']);

/** Whether Telegram makes a link of it: others, such as `javascript:`, stay plain text. */
export function isLink(url: string): boolean {
  return LINK_PROTOCOLS.has(URL.parse(url)?.protocol ?? '');
}

/** A text without markup and what stands in it; offsets in UTF-16 units, outer entities before inner ones. */
export interface FormattedText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

/** Cuts white space at both ends as Telegram does, and moves and cuts the entities with it. */
export function trimFormatted({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  const moved = entities
    .map((entity) => {
      const from = Math.max(entity.offset - start, 0);
      const to = Math.min(entity.offset - start + entity.length, trimmed.length);
      return { ...entity, offset: from, length: to - from };
    })
    .filter((entity) => entity.length > 0);
  return { text: trimmed, entities: sortEntities(moved) };
}

/** By offset, the longer one first, so that outer entities come before inner ones. */
export function sortEntities(entities: readonly MessageEntity[]): MessageEntity[] {
  return [...entities].sort((left, right) => left.offset - right.offset || right.length - left.length);
}
