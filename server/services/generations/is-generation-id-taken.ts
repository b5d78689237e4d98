import postgres from 'postgres';

const UNIQUE_VIOLATION = '23505';

/** Whether a write failed because the ledger holds this generation id already; drizzle wraps the Postgres error as `cause`. */
export function isGenerationIdTaken(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof postgres.PostgresError && cause.code === UNIQUE_VIOLATION && cause.constraint_name === 'ai_usage_generation_id_unique';
}
