import { compareUsd, toLedgerUsd } from '#server/lib/money.ts';
import { Fault } from './fault.ts';
import { parseInstant } from './parse-instant.ts';
import type { Column, Header } from './read-header.ts';
import type { LogEntry } from './types.ts';

const TOKENS_MAX = 10_000_000;
const TEXT_CHARS_MAX = 200;
/** More than any call costs; `numeric(20,12)` would hold a hundred times as much. */
const COST_USD_MAX = 1_000_000;
/** Whole numbers, also as tools write them that know floats only (`374.0`). */
const COUNT_PATTERN = /^(\d{1,15})(?:\.0*)?$/;
const NEGATIVE_PATTERN = /^-[\d.]/;
/** The exponent has few digits, because the exact value of `1e-999999999` would fill the memory. */
const COST_PATTERN = /^\+?(?:\d{1,30}(?:\.\d{0,60})?|\.\d{1,60})(?:e[+-]?\d{1,3})?$/i;

/** Reads the fields of a line, or says what is wrong with the first that cannot be read. */
export function parseEntry(header: Header, fields: readonly string[]): LogEntry | Fault {
  if (fields.length !== header.length) return new Fault(`has ${fields.length} fields where the header has ${header.length}`);
  const valueOf = (column: Column) => fields[header.indexOf(column)] ?? '';
  const instant = parseInstant(valueOf('at'));
  if (instant instanceof Fault) return instant;
  const promptTokens = parseTokens('prompt tokens', valueOf('promptTokens'));
  if (promptTokens instanceof Fault) return promptTokens;
  const completionTokens = parseTokens('completion tokens', valueOf('completionTokens'));
  if (completionTokens instanceof Fault) return completionTokens;
  const costUsd = parseCost(valueOf('costUsd'));
  if (costUsd instanceof Fault) return costUsd;
  const [model, operation, user] = [valueOf('model'), valueOf('operation'), valueOf('user')];
  for (const [name, text] of [['model', model], ['operation', operation], ['user', user]] as const) {
    if (text.length > TEXT_CHARS_MAX) return new Fault(`the ${name} is longer than ${TEXT_CHARS_MAX} characters`);
  }
  return { ...instant, promptTokens, completionTokens, model: model || null, operation: operation || null, user: user || null, costUsd };
}

function parseTokens(name: string, text: string): number | Fault {
  if (text === '') return new Fault(`the ${name} are missing`);
  if (NEGATIVE_PATTERN.test(text)) return new Fault(`the ${name} are negative`);
  const digits = COUNT_PATTERN.exec(text)?.[1];
  if (digits === undefined) return new Fault(`the ${name} are not a whole number`);
  const count = Number(digits);
  return count > TOKENS_MAX ? new Fault(`the ${name} are over ${TOKENS_MAX.toLocaleString('en')}`) : count;
}

function parseCost(text: string): string | null | Fault {
  if (text === '') return null;
  if (NEGATIVE_PATTERN.test(text)) return new Fault('the cost is negative');
  if (!COST_PATTERN.test(text)) return new Fault('the cost is not a decimal number');
  const decimal = text.replace(/^\+/, '');
  return compareUsd(decimal, COST_USD_MAX) > 0 ? new Fault(`the cost is over ${COST_USD_MAX.toLocaleString('en')} dollars`) : toLedgerUsd(decimal);
}
