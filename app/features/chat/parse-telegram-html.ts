/** The tags that a message may carry; anything else in it is text. */
export const TELEGRAM_TAGS = ['b', 'i', 'u', 's', 'code', 'pre', 'blockquote', 'tg-spoiler', 'a'] as const;
export type TelegramTag = (typeof TELEGRAM_TAGS)[number];

export interface TelegramElement {
  readonly tag: TelegramTag;
  /** Where a link leads; null for all other tags. */
  readonly href: string | null;
  readonly children: readonly TelegramNode[];
}
export type TelegramNode = string | TelegramElement;

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TOKEN = new RegExp(`<(/?)(${TELEGRAM_TAGS.join('|')})((?:\\s[^<>]*)?)>`, 'g');
const CODE_POINT_MAX = 0x10ffff;
const LINK_PROTOCOLS = new Set(['http:', 'https:', 'tg:']);

function decodeEntities(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const codePoint = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
    return codePoint <= CODE_POINT_MAX ? String.fromCodePoint(codePoint) : whole;
  });
}

interface OpenElement {
  readonly tag: TelegramTag | null;
  readonly href: string | null;
  readonly children: TelegramNode[];
}

/** An opening tag with just the attributes that Telegram knows for it; null for any other. */
function openTag(tag: TelegramTag, attributes: string): OpenElement | null {
  const given = attributes.trim();
  if (tag === 'a') {
    const href = decodeEntities(/^href="([^"]*)"$/.exec(given)?.[1] ?? '');
    return LINK_PROTOCOLS.has(URL.parse(href)?.protocol ?? '') ? { tag, href, children: [] } : null;
  }
  const isAllowed = given === '' || (tag === 'code' && /^class="language-[^"]*"$/.test(given)) || (tag === 'blockquote' && given === 'expandable');
  return isAllowed ? { tag, href: null, children: [] } : null;
}

/**
 * The tree of a message of the bot. Only the tags above, with the attributes that Telegram knows, become elements; other
 * markup and unmatched closing tags stay visible as text, and what is left open closes at the end.
 */
export function parseTelegramHtml(html: string): readonly TelegramNode[] {
  const root: OpenElement = { tag: null, href: null, children: [] };
  const open: OpenElement[] = [root];
  const current = () => open.at(-1) ?? root;
  const addText = (text: string) => {
    if (text) current().children.push(decodeEntities(text));
  };
  const close = () => {
    const element = open.pop();
    if (element?.tag) current().children.push({ tag: element.tag, href: element.href, children: element.children });
  };
  let position = 0;
  for (const [token, slash, name, attributes = ''] of html.matchAll(TOKEN)) {
    const index = html.indexOf(token, position);
    addText(html.slice(position, index));
    position = index + token.length;
    const tag = TELEGRAM_TAGS.find((known) => known === name);
    const opened = tag && !slash ? openTag(tag, attributes) : null;
    if (opened) open.push(opened);
    else if (tag && slash && attributes === '' && current().tag === tag) close();
    else addText(token);
  }
  addText(html.slice(position));
  while (open.length > 1) close();
  return root.children;
}
