/** The tags that a message may carry; anything else in it is text. */
export const TELEGRAM_TAGS = ['b', 'i', 'u', 's', 'code', 'pre', 'blockquote'] as const;
export type TelegramTag = (typeof TELEGRAM_TAGS)[number];

export type TelegramNode = string | { readonly tag: TelegramTag; readonly children: readonly TelegramNode[] };

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TOKEN = new RegExp(`<(/?)(${TELEGRAM_TAGS.join('|')})>`, 'g');
const CODE_POINT_MAX = 0x10ffff;

function decodeEntities(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const codePoint = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex ?? '', 16);
    return codePoint <= CODE_POINT_MAX ? String.fromCodePoint(codePoint) : whole;
  });
}

interface OpenElement {
  readonly tag: TelegramTag | null;
  readonly children: TelegramNode[];
}

/**
 * The tree of a message of the bot. Only the bare tags above become elements; other markup, attributes and unmatched
 * closing tags stay visible as text, and what is left open closes at the end.
 */
export function parseTelegramHtml(html: string): readonly TelegramNode[] {
  const root: OpenElement = { tag: null, children: [] };
  const open: OpenElement[] = [root];
  const current = () => open.at(-1) ?? root;
  const addText = (text: string) => {
    if (text) current().children.push(decodeEntities(text));
  };
  const close = () => {
    const element = open.pop();
    if (element?.tag) current().children.push({ tag: element.tag, children: element.children });
  };
  let position = 0;
  for (const token of html.matchAll(TOKEN)) {
    addText(html.slice(position, token.index));
    position = token.index + token[0].length;
    const tag = TELEGRAM_TAGS.find((known) => known === token[2]);
    if (tag && !token[1]) open.push({ tag, children: [] });
    else if (tag && current().tag === tag) close();
    else addText(token[0]);
  }
  addText(html.slice(position));
  while (open.length > 1) close();
  return root.children;
}
