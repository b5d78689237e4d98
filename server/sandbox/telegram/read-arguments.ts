import type { Request } from 'express';
import { z } from 'zod';
import { badRequest } from './api-error.ts';

/** Arguments of a call as sent, before their types are checked. */
export type Arguments = Readonly<Record<string, unknown>>;

/**
 * Arguments from the query string and from the body (JSON, urlencoded or multipart); the body wins. Needs a body that was
 * parsed by express, or left raw for multipart. Throws `ApiError` 400 when the body cannot be read.
 */
export async function readArguments(req: Request): Promise<Arguments> {
  return { ...req.query, ...(await readBody(req)) };
}

async function readBody(req: Request): Promise<Arguments> {
  const body: unknown = req.body;
  if (Buffer.isBuffer(body)) return readMultipart(body, req.headers['content-type'] ?? '');
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw badRequest("can't parse request: JSON object expected");
  return Object.fromEntries(Object.entries(body));
}

async function readMultipart(body: Buffer, contentType: string): Promise<Arguments> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
    return Object.fromEntries(form.entries());
  } catch {
    throw badRequest("can't parse multipart/form-data");
  }
}

const WHOLE_NUMBER = /^-?\d{1,16}$/;

/** A whole number, also as text. */
export const IntegerArgument = z.union([z.int(), z.string().regex(WHOLE_NUMBER).transform(Number)]);
/** True or false, also as text. */
export const BooleanArgument = z.union([
  z.boolean(),
  z.enum(['true', 'True', '1', 'false', 'False', '0']).transform((text) => ['true', 'True', '1'].includes(text)),
]);

/** A value that clients may send as JSON text, as urlencoded and multipart bodies must. */
export function jsonArgument<T extends z.ZodType>(schema: T) {
  return z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      context.issues.push({ code: 'custom', message: 'is not JSON', input: value });
      return z.NEVER;
    }
  }, schema);
}

/** Checks the arguments of one call. Throws `ApiError` 400 that names the first wrong one. */
export function parseArguments<T extends z.ZodType>(schema: T, values: Arguments): z.output<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw badRequest(`parameter "${String(parsed.error.issues[0]?.path[0] ?? '')}" is invalid`);
}

/** The chat that a call is about, as far as its arguments tell. */
export function findChatId(values: Arguments): number | null {
  const parsed = IntegerArgument.safeParse(values['chat_id']);
  return parsed.success ? parsed.data : null;
}
