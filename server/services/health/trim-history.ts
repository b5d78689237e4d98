import { sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { finestFrom } from './resolutions.ts';

/** Deletes samples that are kept more coarsely by now: minutes after a day, hours after 90 days. Days stay for ever. */
export async function trimHistory(executor: Executor, now: Date): Promise<void> {
  const [minutes, hours] = [finestFrom('minute', now), finestFrom('hour', now)];
  await executor.execute(sql`
    delete from health_samples
    where (resolution = 'minute' and bucket_at < ${minutes.toISOString()}::timestamptz)
       or (resolution = 'hour' and bucket_at < ${hours.toISOString()}::timestamptz)`);
}
