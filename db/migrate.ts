import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { connectOnce } from './connect.ts';
import { PARTITIONS_LOCK_KEY } from './queries/partitions.ts';

/** Any constant will do; all replicas of this program must use the same. */
const MIGRATION_LOCK_KEY = 7_238_441_002;
const CONNECT_TIMEOUT_SECONDS = 10;

/**
 * Applies all pending migrations, once, whatever number of replicas start together: the others wait for the lock and
 * then find nothing to do. All pending migrations are one transaction, so a failure leaves the schema as it was. The lock
 * is held by a transaction on a connection of its own, because behind a pooler a session is nobody's.
 */
export async function migrateDatabase(url: string, migrationsFolder: string): Promise<void> {
  const open = () => connectOnce(url, { connect_timeout: CONNECT_TIMEOUT_SECONDS, onnotice: () => undefined });
  const [locker, client] = [open(), open()];
  try {
    await locker.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK_KEY})`;
      await migrate(drizzle({ client }), { migrationsFolder });
      await client`
        select ensure_interactions_partitions(now() - interval '1 month', now() + interval '3 months')
        from pg_advisory_xact_lock(${PARTITIONS_LOCK_KEY})`;
    });
  } finally {
    await Promise.all([locker.end({ timeout: 5 }), client.end({ timeout: 5 })]);
  }
}
