import type { MessageEntity } from 'grammy/types';
import { cannotParse } from './api-error.ts';
import { isLink, sortEntities, type FormattedText } from './formatted-text.ts';

type Attributes = ReadonlyMap<string, string>;
type EntityDetail = MessageEntity extends infer Entity ? (Entity extends MessageEntity ? Omit<Entity, 'offset' | 'length'> : never) : never;

interface OpenTag {
  readonly name: string;
  readonly attributes: Attributes;
  readonly offset: number;
}

const NAMED_CHARACTERS = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
]);
const REFERENCE = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));?/giy;
/** No two parts of an attribute can match the same text, so that a tag without an end is given up in linear time. */
const START_TAG = /<([a-z\d-]*)((?:\s+[^\s=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*|(?=>)))?)*)\s*>/giy;
const END_TAG = /<\/([a-z\d-]*)\s*>/giy;
const ATTRIBUTE = /([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S*)))?/g;
const CODE_POINT_MAX = 0x10ffff;

/**
 * Reads the HTML that Telegram accepts (`parse_mode` HTML). Throws `ApiError` 400 "can't parse entities: ..." for a tag that
 * is unknown, not closed or closed in the wrong order.
 */
export function parseHtml(html: string): FormattedText {
  let text = '';
  const open: OpenTag[] = [];
  const entities: MessageEntity[] = [];
  let position = 0;
  while (position < html.length) {
    const character = html.charAt(position);
    if (character === '&') {
      const reference = readReference(html, position);
      text += reference?.text ?? '&';
      position += reference?.length ?? 1;
    } else if (character !== '<') {
      text += character;
      position += 1;
    } else if (html.charAt(position + 1) === '/') {
      position += closeTag(html, position, open, entities, text.length);
    } else {
      const tag = readStartTag(html, position);
      open.push({ name: tag.name, attributes: tag.attributes, offset: text.length });
      position += tag.length;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw cannotParse(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  return { text, entities: sortEntities(entities) };
}

function readReference(html: string, position: number): { text: string; length: number } | null {
  REFERENCE.lastIndex = position;
  const match = REFERENCE.exec(html);
  if (!match) return null;
  const [whole, decimal, hexadecimal, name] = match;
  const length = whole.length;
  if (name !== undefined) {
    const character = NAMED_CHARACTERS.get(name);
    return character === undefined ? null : { text: character, length };
  }
  const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return codePoint > 0 && codePoint <= CODE_POINT_MAX ? { text: String.fromCodePoint(codePoint), length } : null;
}

function decodeReferences(value: string): string {
  let decoded = '';
  for (let position = 0; position < value.length; ) {
    const reference = readReference(value, position);
    decoded += reference?.text ?? value.charAt(position);
    position += reference?.length ?? 1;
  }
  return decoded;
}

function readStartTag(html: string, position: number): { name: string; attributes: Attributes; length: number } {
  START_TAG.lastIndex = position;
  const match = START_TAG.exec(html);
  const name = (match?.[1] ?? /^<([a-z\d-]*)/i.exec(html.slice(position))?.[1] ?? '').toLowerCase();
  const attributes = new Map<string, string>();
  for (const [, key, double, single, bare] of (match?.[2] ?? '').matchAll(ATTRIBUTE)) {
    if (key !== undefined) attributes.set(key.toLowerCase(), decodeReferences(double ?? single ?? bare ?? ''));
  }
  if (!isSupported(name, attributes)) throw cannotParse(`Unsupported start tag "${name}" at byte offset ${byteOffset(html, position)}`);
  if (!match) throw cannotParse(`Unclosed start tag at byte offset ${byteOffset(html, position)}`);
  return { name, attributes, length: match[0].length };
}

/** Gives the length of the end tag, and adds what it closes to `entities`. */
function closeTag(html: string, position: number, open: OpenTag[], entities: MessageEntity[], end: number): number {
  END_TAG.lastIndex = position;
  const match = END_TAG.exec(html);
  const refuse = (reason: string): Error => cannotParse(`${reason} at byte offset ${byteOffset(html, position)}`);
  if (!match) throw refuse('Unclosed end tag');
  const tag = open.pop();
  if (!tag) throw refuse('Unexpected end tag');
  const name = (match[1] ?? '').toLowerCase();
  if (name !== '' && name !== tag.name)
    throw cannotParse(`Unmatched end tag at byte offset ${byteOffset(html, position)}, expected "</${tag.name}>", found "</${name}>"`);
  const detail = describeTag(tag, open.at(-1), html);
  if (detail && end > tag.offset) addEntity(entities, { ...detail, offset: tag.offset, length: end - tag.offset });
  return match[0].length;
}

/** `<pre><code class="language-x">` is one entity: the outer `pre` takes over the inner one's language. */
function addEntity(entities: MessageEntity[], entity: MessageEntity): void {
  const inner = entities.at(-1);
  const isSameSpan = inner && inner.offset === entity.offset && inner.length === entity.length;
  if (entity.type === 'pre' && isSameSpan && (inner.type === 'code' || inner.type === 'pre')) {
    entities.pop();
    entities.push(inner.type === 'pre' ? inner : entity);
    return;
  }
  entities.push(entity);
}

function isSupported(name: string, attributes: Attributes): boolean {
  if (name === 'span') return attributes.get('class') === 'tg-spoiler';
  return SIMPLE_TAGS.has(name) || name === 'a' || name === 'blockquote' || name === 'tg-emoji';
}

const SIMPLE_TAGS = new Map<string, EntityDetail>([
  ['b', { type: 'bold' }],
  ['strong', { type: 'bold' }],
  ['i', { type: 'italic' }],
  ['em', { type: 'italic' }],
  ['u', { type: 'underline' }],
  ['ins', { type: 'underline' }],
  ['s', { type: 'strikethrough' }],
  ['strike', { type: 'strikethrough' }],
  ['del', { type: 'strikethrough' }],
  ['tg-spoiler', { type: 'spoiler' }],
  ['span', { type: 'spoiler' }],
  ['code', { type: 'code' }],
  ['pre', { type: 'pre' }],
]);

function describeTag(tag: OpenTag, outer: OpenTag | undefined, html: string): EntityDetail | null {
  if (tag.name === 'a') {
    const url = tag.attributes.get('href') ?? '';
    return isLink(url) ? { type: 'text_link', url } : null;
  }
  if (tag.name === 'blockquote') return { type: tag.attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote' };
  if (tag.name === 'tg-emoji') {
    const id = tag.attributes.get('emoji-id');
    if (!id) throw cannotParse(`Custom emoji entity must have a tag attribute "emoji-id" at byte offset ${byteOffset(html, html.length)}`);
    return { type: 'custom_emoji', custom_emoji_id: id };
  }
  const language = /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1];
  // A language is of use at the start of a `pre` only; `code` by itself has none.
  if (tag.name === 'code' && language && outer?.name === 'pre' && outer.offset === tag.offset) return { type: 'pre', language };
  return SIMPLE_TAGS.get(tag.name) ?? null;
}

function byteOffset(html: string, position: number): number {
  return Buffer.byteLength(html.slice(0, position));
}
