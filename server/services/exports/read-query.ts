import { z } from 'zod';
import { EXPORT_FORMATS, type ExportFormat, type ExportRefusal } from '#server/contracts/export.ts';
import { AppError } from '#server/errors.ts';

/** Refuses a parameter; the cause says it as zod would. */
export function refuseParameter(parameter: string, reason: ExportRefusal, message: string): AppError {
  const issue = { code: 'custom' as const, path: [parameter], message, params: { reason }, input: undefined };
  return new AppError('bad_input', `${parameter} ${message}`, new z.ZodError([issue]));
}

/**
 * What a query says, by the contract of a report or a list: what the contract does not name is the page's own business.
 * Numbers and yes or no come as text. Throws `AppError` `bad_input` whose cause are the issues.
 */
export function readQuery<Input>(contract: z.ZodType<Input>, query: URLSearchParams): Input {
  const twice = [...query.keys()].find((key) => query.getAll(key).length > 1);
  if (twice !== undefined) throw refuseParameter(twice, 'duplicate', 'is given more than once');
  // A plain form sends its empty fields too; they ask for nothing.
  const given = new Map<string, unknown>([...query].filter(([, text]) => text.trim() !== ''));
  const parsed = contract.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const [key] = issue.path;
    if (issue.code === 'invalid_type' && typeof key === 'string') given.set(key, toType(issue.expected, given.get(key)));
  }
  const again = contract.safeParse(Object.fromEntries(given));
  if (again.success) return again.data;
  const words = again.error.issues.map(({ path, message }) => [path.join('.'), message].join(' ').trim()).join('; ');
  throw new AppError('bad_input', words, again.error);
}

function toType(expected: string, text: unknown): unknown {
  if ((expected === 'number' || expected === 'int') && /^-?\d{1,16}$/.test(String(text))) return Number(text);
  if (expected === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** The format that a query asks for; CSV unless it says so. */
export function readFormat(query: URLSearchParams, allowed: readonly ExportFormat[] = EXPORT_FORMATS): ExportFormat {
  const format = query.get('format') ?? 'csv';
  const known = allowed.find((one) => one === format);
  if (!known) throw refuseParameter('format', 'unknown_format', `must be ${allowed.join(' or ')}`);
  return known;
}
