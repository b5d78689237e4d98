import { DrizzleQueryError } from 'drizzle-orm';

/**
 * Postgres error classes and client codes after which the same statement may succeed: lost connection, shortage, conflict,
 * restart. ENOENT is a socket that is not there: Postgres is being started again.
 */
const TRANSIENT_CODES = /^(?:08|53|57P|40001|40P01|57014|25P0[34]|55P03|CONNECT|ENOENT|E(?:CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN))/;

/** Whether an error came from the database, and then whether another attempt may help; null for other errors. */
export function classifyDatabaseFailure(error: unknown): 'transient' | 'permanent' | null {
  let isFromDatabase = false;
  for (let current = error; current instanceof Error; current = current.cause) {
    isFromDatabase ||= current instanceof DrizzleQueryError || current.name === 'PostgresError' || isOfDriver(current);
    const code = 'code' in current ? String(current.code) : '';
    if (isFromDatabase && TRANSIENT_CODES.test(code)) return 'transient';
    if (/^CONNECT(?:ION_|_TIMEOUT)/.test(code)) return 'transient';
  }
  return isFromDatabase ? 'permanent' : null;
}

/** A transaction that cannot begin fails without drizzle's wrapper, but the driver notes its statement on every error. */
function isOfDriver(error: Error): boolean {
  return 'query' in error && 'parameters' in error;
}
