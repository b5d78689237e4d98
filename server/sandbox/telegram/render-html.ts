import type { MessageEntity } from 'grammy/types';
import { isLink, type FormattedText } from './formatted-text.ts';

interface Element {
  readonly start: string;
  readonly end: string;
  /** Where the entity ends in the text. */
  readonly until: number;
}

/**
 * A formatted text as HTML that Telegram would accept; everything that is not a known entity is escaped. Where entities
 * cross, the one that began later is closed and opened again. Needs outer entities before inner ones.
 */
export function renderHtml({ text, entities }: FormattedText): string {
  const openAt = new Map<number, Element[]>();
  for (const entity of entities) {
    const tags = tagsOf(entity);
    if (tags) openAt.set(entity.offset, [...(openAt.get(entity.offset) ?? []), { ...tags, until: entity.offset + entity.length }]);
  }
  let html = '';
  let open: Element[] = [];
  for (let index = 0; index <= text.length; index += 1) {
    const first = open.findIndex(({ until }) => until === index);
    if (first >= 0) {
      const closed = open.slice(first);
      const reopened = closed.filter(({ until }) => until > index);
      html += closed.toReversed().map(({ end }) => end).join('') + reopened.map(({ start }) => start).join('');
      open = [...open.slice(0, first), ...reopened];
    }
    for (const element of openAt.get(index) ?? []) {
      html += element.start;
      open.push(element);
    }
    html += escapeHtml(text.charAt(index));
  }
  return html;
}

/** Makes a text safe between tags and in double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const TAG_BY_TYPE: Partial<Record<MessageEntity['type'], string>> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  spoiler: 'tg-spoiler',
  code: 'code',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};

function tagsOf(entity: MessageEntity): { start: string; end: string } | null {
  if (entity.type === 'text_link') return isLink(entity.url) ? { start: `<a href="${escapeHtml(entity.url)}">`, end: '</a>' } : null;
  if (entity.type === 'pre') {
    return entity.language === undefined
      ? { start: '<pre>', end: '</pre>' }
      : { start: `<pre><code class="language-${escapeHtml(entity.language)}">`, end: '</code></pre>' };
  }
  const tag = TAG_BY_TYPE[entity.type];
  return tag === undefined ? null : { start: `<${tag}>`, end: `</${tag}>` };
}
