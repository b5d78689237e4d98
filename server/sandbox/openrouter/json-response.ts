import type { Response } from 'express';
import { sleep } from '#server/lib/sleep.ts';

/** While the model works the server sends white space, so that nobody between us takes the connection for dead. */
const PADDING = '\n         \n';
const PADDING_INTERVAL_MS = 700;

/** Sends status and headers, then white space for as long as the model works. From here on the status cannot change. */
export async function openJson(res: Response, generationId: string, workMs: number): Promise<void> {
  res.status(200);
  res.setHeader('Content-Type', 'application/json');
  setGenerationHeaders(res, generationId);
  res.write(PADDING);
  const padding = setInterval(() => res.write(PADDING), PADDING_INTERVAL_MS);
  res.once('close', () => clearInterval(padding));
  await sleep(workMs);
  clearInterval(padding);
}

/** The headers by which a client correlates. */
export function setGenerationHeaders(res: Response, generationId: string): void {
  res.setHeader('X-Generation-Id', generationId);
  res.setHeader('Access-Control-Expose-Headers', 'X-Generation-Id,X-Provider-Name,cf-ray');
}

/** Keeps white space coming on an open response until the client gives up. */
export function padForever(res: Response): void {
  if (res.destroyed) return;
  const padding = setInterval(() => res.write(PADDING), PADDING_INTERVAL_MS);
  res.once('close', () => clearInterval(padding));
}
