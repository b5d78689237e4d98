import type { RequestHandler } from 'express';
import { sendError } from './errors.ts';

/** Every key of this shape is known to the stand-in, except those that say that they are revoked. */
const KEY_PATTERN = /^sk-or-v1-(?!revoked)\S+$/;

/** The bearer token of a request; null without one. */
export function readKey(authorization: string | undefined): string | null {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Refuses what OpenRouter refuses, in its words. */
export const requireKey: RequestHandler = (req, res, next) => {
  const authorization = req.headers.authorization;
  if (!authorization) return sendError(res, 401, 'Missing Authentication header');
  const key = readKey(authorization);
  if (key === null) return sendError(res, 401, 'No cookie auth credentials found');
  if (!KEY_PATTERN.test(key)) return sendError(res, 401, 'User not found.');
  next();
};

/** Management keys are told by their beginning. */
export function isManagementKey(authorization: string | undefined): boolean {
  return readKey(authorization)?.startsWith('sk-or-v1-mgmt') ?? false;
}

/** Refuses every other key, which is known by then, in OpenRouter's words. */
export const requireManagementKey: RequestHandler = (req, res, next) => {
  if (!isManagementKey(req.headers.authorization)) return sendError(res, 403, 'Only management keys can perform this operation');
  next();
};
