import type { TextRun, TextTag } from './runs.ts';

const FENCE = /^\s*(```|~~~)/;
const HEADING = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const BULLET = /^(\s*)[-*+]\s+(?=\S)/;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const QUOTE = /^\s*>\s?/;

/** Inline marks, the longer first; each must hug its text, so that `2 * 3` and `snake_case` stay as they are. */
const INLINE =
  /`([^`\n]+)`|\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*|\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]*?)(?<=[^\s*])\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]*?)(?<=[^\s_])_(?![\p{L}\p{N}_])|!?\[([^\]\n]+)\]\(([^)\s]+)\)/u;

/**
 * What a model wrote, as runs for Telegram: light Markdown (bold, italic, headings, lists, code, quotes, links) becomes
 * tags or plain signs, links keep their text only, and stray marks disappear. Never fails.
 */
export function markdownToRuns(markdown: string): TextRun[] {
  const runs: TextRun[] = [];
  let isInFence = false;
  const lines = markdown.replaceAll('\r\n', '\n').replaceAll('\u0000', '').toWellFormed().trim().split('\n');
  for (const [index, line] of lines.entries()) {
    if (FENCE.test(line)) {
      isInFence = !isInFence;
      continue;
    }
    const isWithinCode = isInFence && runs.at(-1)?.tags.includes('pre') === true;
    if (runs.length > 0 && index > 0) runs.push({ text: '\n', tags: isWithinCode ? ['pre'] : [] });
    if (isInFence) runs.push({ text: line, tags: ['pre'] });
    else runs.push(...lineToRuns(line));
  }
  return runs.filter((run) => run.text !== '');
}

function lineToRuns(line: string): TextRun[] {
  if (RULE.test(line)) return [];
  const heading = HEADING.exec(line);
  if (heading) return inlineToRuns(heading[1] ?? '', ['b']);
  return inlineToRuns(line.replace(QUOTE, '').replace(BULLET, '$1• ').trimEnd(), []);
}

function inlineToRuns(text: string, tags: readonly TextTag[]): TextRun[] {
  const match = INLINE.exec(text);
  if (!match) return [{ text: withoutStrayMarks(text), tags }];
  const [whole, code, boldItalic, bold, boldUnderscored, italic, italicUnderscored, linkText] = match;
  const before: TextRun = { text: withoutStrayMarks(text.slice(0, match.index)), tags };
  const after = inlineToRuns(text.slice(match.index + whole.length), tags);
  if (code !== undefined) return [before, { text: code, tags: add(tags, 'code') }, ...after];
  const inner =
    boldItalic !== undefined ? inlineToRuns(boldItalic, add(add(tags, 'b'), 'i'))
    : (bold ?? boldUnderscored) !== undefined ? inlineToRuns(bold ?? boldUnderscored ?? '', add(tags, 'b'))
    : (italic ?? italicUnderscored) !== undefined ? inlineToRuns(italic ?? italicUnderscored ?? '', add(tags, 'i'))
    : inlineToRuns(linkText ?? '', tags);
  return [before, ...inner, ...after];
}

/** Marks without a partner, such as the rest of a bold text that a model did not close. */
function withoutStrayMarks(text: string): string {
  return text.replace(/\*{2,}|_{2,}|`+/g, '');
}

function add(tags: readonly TextTag[], tag: TextTag): readonly TextTag[] {
  return tags.includes(tag) ? tags : [...tags, tag];
}
