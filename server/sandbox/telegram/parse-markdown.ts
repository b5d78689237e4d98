import type { MessageEntity } from 'grammy/types';
import { cannotParse } from './api-error.ts';
import { isLink, sortEntities, type FormattedText } from './formatted-text.ts';

type Marker = '*' | '_' | '__' | '~' | '||';
const TYPE_BY_MARKER = { '*': 'bold', _: 'italic', __: 'underline', '~': 'strikethrough', '||': 'spoiler' } as const;
const NAME_BY_MARKER = { '*': 'Bold', _: 'Italic', __: 'Underline', '~': 'Strikethrough', '||': 'Spoiler' } as const;
const RESERVED = new Set('_*[]()~`>#+-=|{}.!');

interface OpenMarker {
  readonly marker: Marker | '[';
  readonly offset: number;
  readonly byteOffset: number;
}

interface State {
  readonly source: string;
  position: number;
  text: string;
  readonly open: OpenMarker[];
  readonly entities: MessageEntity[];
  quoteOffset: number | null;
}

/**
 * Reads `parse_mode` MarkdownV2. Throws `ApiError` 400 "can't parse entities: ..." for a reserved character without a
 * backslash and for an entity that does not end.
 */
export function parseMarkdown(source: string): FormattedText {
  const state: State = { source, position: 0, text: '', open: [], entities: [], quoteOffset: null };
  while (state.position < source.length) step(state);
  endQuote(state);
  const unclosed = state.open.at(-1);
  if (unclosed) throw cannotEnd(unclosed.marker === '[' ? 'TextUrl' : NAME_BY_MARKER[unclosed.marker], unclosed.byteOffset);
  return { text: state.text, entities: sortEntities(state.entities) };
}

function step(state: State): void {
  const { source, position } = state;
  const character = source.charAt(position);
  const isLineStart = position === 0 || source.charAt(position - 1) === '\n';
  if (isLineStart && character !== '>') endQuote(state);
  if (character === '\\' && isAscii(source.charAt(position + 1))) return take(state, source.charAt(position + 1), 2);
  if (isLineStart && character === '>') {
    state.quoteOffset ??= state.text.length;
    return take(state, '', 1);
  }
  if (character === '`') return readCode(state);
  if (character === '[') return openMarker(state, '[');
  if (character === ']') return readLink(state);
  const marker = markerAt(state);
  if (marker) return toggle(state, marker);
  if (RESERVED.has(character)) throw cannotParse(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);
  return take(state, character, 1);
}

function take(state: State, text: string, length: number): void {
  state.text += text;
  state.position += length;
}

function isAscii(character: string): boolean {
  return character !== '' && character.charCodeAt(0) <= 126;
}

function markerAt({ source, position }: State): Marker | null {
  const two = source.slice(position, position + 2);
  if (two === '__' || two === '||') return two;
  const one = source.charAt(position);
  return one === '*' || one === '_' || one === '~' ? one : null;
}

function openMarker(state: State, marker: Marker | '['): void {
  state.open.push({ marker, offset: state.text.length, byteOffset: bytesBefore(state) });
  take(state, '', marker.length);
}

function toggle(state: State, marker: Marker): void {
  const last = state.open.at(-1);
  if (last?.marker !== marker) return openMarker(state, marker);
  state.open.pop();
  addEntity(state, { type: TYPE_BY_MARKER[marker], offset: last.offset, length: state.text.length - last.offset });
  return take(state, '', marker.length);
}

function readLink(state: State): void {
  const last = state.open.pop();
  if (last?.marker !== '[') throw cannotParse("Character ']' is reserved and must be escaped with the preceding '\\'");
  const target = /^\]\(((?:\\.|[^)\\])*)\)/u.exec(state.source.slice(state.position));
  if (!target) throw cannotParse(`Can't find end of a URL at byte offset ${bytesBefore(state)}`);
  const url = (target[1] ?? '').replace(/\\(.)/gu, '$1');
  if (isLink(url)) addEntity(state, { type: 'text_link', url, offset: last.offset, length: state.text.length - last.offset });
  take(state, '', target[0].length);
}

/** Inside code only the backquote and the backslash are special. */
function readCode(state: State): void {
  const rest = state.source.slice(state.position);
  const isBlock = rest.startsWith('```');
  const match = isBlock ? /^```((?:\\.|[^`\\]|`(?!``))*)```/u.exec(rest) : /^`((?:\\.|[^`\\])*)`/u.exec(rest);
  if (!match) throw cannotEnd(isBlock ? 'Pre' : 'Code', bytesBefore(state));
  const language = isBlock ? /^([^\s`]+)\n/u.exec(match[1] ?? '')?.[1] : undefined;
  const body = (match[1] ?? '')
    .slice(language === undefined ? 0 : language.length)
    .replace(isBlock ? /^\n/u : /^$/u, '')
    .replace(/\\(.)/gu, '$1');
  const span = { offset: state.text.length, length: body.length };
  if (isBlock) addEntity(state, { type: 'pre', ...(language === undefined ? {} : { language }), ...span });
  else addEntity(state, { type: 'code', ...span });
  take(state, body, match[0].length);
}

function endQuote(state: State): void {
  if (state.quoteOffset === null) return;
  const length = state.text.slice(state.quoteOffset).trimEnd().length;
  addEntity(state, { type: 'blockquote', offset: state.quoteOffset, length });
  state.quoteOffset = null;
}

function addEntity(state: State, entity: MessageEntity): void {
  if (entity.length > 0) state.entities.push(entity);
}

function cannotEnd(name: string, byteOffset: number): Error {
  return cannotParse(`Can't find end of ${name} entity at byte offset ${byteOffset}`);
}

function bytesBefore({ source, position }: State): number {
  return Buffer.byteLength(source.slice(0, position));
}
