import type { TextRun, TextTag } from './runs.ts';

const FENCE = /^\s*(```|~~~)/;
const HEADING = /^\s{0,3}#{1,6}\s+(\S.*)$/;
/** The hashes that may close a heading; apart from it, because one pattern for both takes minutes for a line of spaces. */
const HEADING_END = /(?:^|(?<=\s))#+$/;
const BULLET = /^(\s*)[-*+]\s+(?=\S)/;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const QUOTE = /^\s*>\s?/;

/** Inline marks, the longer first; each must hug its text, so that `2 * 3` and `snake_case` stay as they are; bounded, so that no text takes long. */
const MARKS =
  /`([^`\n]{1,2000})`|\*\*\*(?=\S)(.{1,2000}?)(?<=\S)\*\*\*|\*\*(?=\S)(.{1,2000}?)(?<=\S)\*\*|__(?=\S)(.{1,2000}?)(?<=\S)__|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]{0,2000}?)(?<=[^\s*])\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]{0,2000}?)(?<=[^\s_])_(?![\p{L}\p{N}_])/u;
/** A link or picture, brackets within brackets and a title included. */
const LINK =
  /!?\[((?:[^[\]\n]|\[[^[\]\n]{0,100}\]){0,300})\]\( {0,3}(?:<[^<>\n]{0,500}>|(?:[^()\s<]|\([^()\s]{0,200}\)){1,500})(?: {1,3}(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'))? {0,3}\)/u;
const INLINE = new RegExp(`${MARKS.source}|${LINK.source}`, 'u');

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
    else for (const run of lineToRuns(line)) runs.push(run);
  }
  return runs.filter((run) => run.text !== '');
}

function lineToRuns(line: string): TextRun[] {
  if (RULE.test(line)) return [];
  const heading = HEADING.exec(line);
  if (heading) return inlineToRuns((heading[1] ?? '').trimEnd().replace(HEADING_END, '').trimEnd(), ['b']);
  return inlineToRuns(line.replace(QUOTE, '').replace(BULLET, '$1• ').trimEnd(), []);
}

function inlineToRuns(text: string, tags: readonly TextTag[]): TextRun[] {
  const runs: TextRun[] = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    runs.push({ text: withoutStrayMarks(rest.slice(0, match.index)), tags }, ...markedRuns(match, tags));
    rest = rest.slice(match.index + match[0].length);
  }
  return [...runs, { text: withoutStrayMarks(rest), tags }];
}

function markedRuns([, code, boldItalic, bold, boldUnderscored, italic, italicUnderscored, linkText]: RegExpExecArray, tags: readonly TextTag[]): TextRun[] {
  if (code !== undefined) return [{ text: code, tags: add(tags, 'code') }];
  if (boldItalic !== undefined) return inlineToRuns(boldItalic, add(add(tags, 'b'), 'i'));
  if ((bold ?? boldUnderscored) !== undefined) return inlineToRuns(bold ?? boldUnderscored ?? '', add(tags, 'b'));
  if ((italic ?? italicUnderscored) !== undefined) return inlineToRuns(italic ?? italicUnderscored ?? '', add(tags, 'i'));
  return inlineToRuns(linkText ?? '', tags);
}

/** Marks without a partner, such as the rest of a bold text that a model did not close; those too that meet when what was between them goes. */
function withoutStrayMarks(text: string): string {
  const shown = text.replace(/\*{2,}|_{2,}|`+/g, '');
  return shown === text ? text : withoutStrayMarks(shown);
}

function add(tags: readonly TextTag[], tag: TextTag): readonly TextTag[] {
  return tags.includes(tag) ? tags : [...tags, tag];
}
