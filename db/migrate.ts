import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { connectPostgres } from './connect.ts';

/** Any constant will do; all replicas of this program must use the same. */
const MIGRATION_LOCK_KEY = 7_238_441_002;

/**
 * Applies all pending migrations, once, whatever number of replicas start together: the others wait for the lock and
 * then find nothing to do. All pending migrations are one transaction, so a failure leaves the schema as it was.
 */
export async function migrateDatabase(url: string, migrationsFolder: string): Promise<void> {
  const client = connectPostgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK_KEY})`;
    await migrate(drizzle({ client }), { migrationsFolder });
    await client`select ensure_interactions_partitions(now() - interval '1 month', now() + interval '3 months')`;
  } finally {
    await client.end({ timeout: 5 });
  }
}
