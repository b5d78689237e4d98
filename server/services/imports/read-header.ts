import { AppError } from '#server/errors.ts';

/** The columns that an import understands, by the names that they may have, whatever their case. */
const COLUMN_NAMES = {
  at: ['timestamp'],
  promptTokens: ['prompt_tokens', 'ContextTokens', 'input_tokens'],
  completionTokens: ['completion_tokens', 'GeneratedTokens', 'output_tokens'],
  model: ['model'],
  operation: ['operation'],
  user: ['user', 'telegram_user_id'],
  costUsd: ['cost', 'cost_usd'],
} as const;

export type Column = keyof typeof COLUMN_NAMES;
/** Which column stands at each place. */
export type Header = readonly Column[];

const COLUMNS = ['at', 'promptTokens', 'completionTokens', 'model', 'operation', 'user', 'costUsd'] as const satisfies readonly Column[];
const REQUIRED: readonly Column[] = ['at', 'promptTokens', 'completionTokens'];
const NAMES_SHOWN_MAX = 10;
const NAME_CHARS_MAX = 40;

const columnByName = new Map(COLUMNS.flatMap((column) => COLUMN_NAMES[column].map((name) => [normalise(name), column] as const)));

const describe = (column: Column) => COLUMN_NAMES[column].join(' or ');
const UNDERSTOOD =
  `The first line must name the columns: ${REQUIRED.map(describe).join(', ')}; ` +
  `optionally ${COLUMNS.filter((column) => !REQUIRED.includes(column)).map(describe).join(', ')}. Separated by commas, in any order and case.`;

/** Reads the first line of a log. Throws `bad_input` with all that is wrong and all that is understood. */
export function readHeader(fields: readonly string[]): Header {
  const columns = fields.map((name) => columnByName.get(normalise(name)));
  const header = columns.filter((column) => column !== undefined);
  const unknown = fields.filter((_, index) => columns[index] === undefined);
  const faults = [
    ...(unknown.length > 0 ? [`unknown: ${listNames(unknown)}`] : []),
    ...REQUIRED.filter((column) => !header.includes(column)).map((column) => `missing: ${describe(column)}`),
    ...COLUMNS.filter((column) => header.filter((other) => other === column).length > 1).map((column) => `twice: ${describe(column)}`),
  ];
  if (faults.length === 0) return header;
  throw new AppError('bad_input', `The header of the log is not understood (${faults.join('; ')}). ${UNDERSTOOD}`);
}

/** `Prompt Tokens`, `prompt_tokens` and `PromptTokens` are one name. */
function normalise(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => JSON.stringify(name.slice(0, NAME_CHARS_MAX)));
  return `${shown.join(', ')}${names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : ''}`;
}
