import { expect, test } from 'vitest';
import { Lifecycle } from '#server/lib/lifecycle.ts';
import { createLogger } from '#server/lib/logger.ts';

test('parts are stopped in reverse order, once, and a failing one does not keep the others', async () => {
  const lifecycle = new Lifecycle(createLogger('silent'));
  const stopped: string[] = [];
  lifecycle.add('database', () => void stopped.push('database'));
  lifecycle.add('broken', () => Promise.reject(new Error('no')));
  lifecycle.add('http', async () => void stopped.push('http'));
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  expect(stopped).toEqual(['http', 'database']);
});
