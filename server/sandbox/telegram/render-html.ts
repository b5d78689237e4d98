import type { MessageEntity } from 'grammy/types';
import type { FormattedText } from './formatted-text.ts';

/** A formatted text as HTML that Telegram would accept; everything that is not a known entity is escaped. */
export function renderHtml({ text, entities }: FormattedText): string {
  const openAt = new Map<number, string>();
  const closeAt = new Map<number, string>();
  for (const entity of entities) {
    const tags = tagsOf(entity);
    if (!tags) continue;
    const end = entity.offset + entity.length;
    openAt.set(entity.offset, (openAt.get(entity.offset) ?? '') + tags.start);
    closeAt.set(end, tags.end + (closeAt.get(end) ?? ''));
  }
  let html = '';
  for (let index = 0; index <= text.length; index += 1) {
    html += (closeAt.get(index) ?? '') + (openAt.get(index) ?? '') + escapeHtml(text.charAt(index));
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
  if (entity.type === 'text_link') return { start: `<a href="${escapeHtml(entity.url)}">`, end: '</a>' };
  if (entity.type === 'pre') {
    return entity.language === undefined
      ? { start: '<pre>', end: '</pre>' }
      : { start: `<pre><code class="language-${escapeHtml(entity.language)}">`, end: '</code></pre>' };
  }
  const tag = TAG_BY_TYPE[entity.type];
  return tag === undefined ? null : { start: `<${tag}>`, end: `</${tag}>` };
}
