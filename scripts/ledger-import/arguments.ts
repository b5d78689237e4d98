import { parseArgs } from 'node:util';
import type { ImportOptions } from '#server/services/imports/types.ts';

export const USAGE = `usage: npm run ledger:import -- FILE.csv [options]
  --model vendor/model     for lines that name no model
  --operation name         for lines that name no operation
  --use-earliest-price     calls from before the first known price of their model are estimated by that price
  --dry-run                only say what would be new`;

const MODEL_PATTERN = /^~?[\w.-]+\/[\w.:-]+$/;
const OPERATION_PATTERN = /^[a-z][a-z0-9_]{0,63}$/;

/** What is wrong with the command line, for the person who typed it. */
export class UsageError extends Error {}

/** Reads the command line. Throws `UsageError`. */
export function readArguments(args: readonly string[]): { readonly file: string; readonly options: ImportOptions } {
  const { values, positionals } = parse(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError(file === undefined ? 'Which file?' : 'One file at a time.');
  const { model, operation } = values;
  if (model !== undefined && !MODEL_PATTERN.test(model)) throw new UsageError('--model must look like vendor/model.');
  if (operation !== undefined && !OPERATION_PATTERN.test(operation)) throw new UsageError('--operation must be a name in lower case, such as tarot_card.');
  const options = { model: model ?? null, operation: operation ?? null, usesEarliestPrice: values['use-earliest-price'], isDryRun: values['dry-run'] };
  return { file, options };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        operation: { type: 'string' },
        'use-earliest-price': { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
