/** A table as DuckDB gets it: the columns that its statements read, and how Postgres tells them. */
export interface HandedOver {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  /** The instant by which rows are handed over in slices. */
  readonly orderedBy: string;
}

const USD = 'DECIMAL(20, 12)';

/** Instants without a zone, in UTC: DuckDB is faster with those. */
export const HANDED_OVER: readonly HandedOver[] = [
  {
    name: 'ai_usage',
    orderedBy: 'started_at',
    columns: {
      started_at: 'TIMESTAMP', user_id: 'BIGINT', operation: 'VARCHAR', plan: 'VARCHAR', model: 'VARCHAR', status: 'VARCHAR', prompt_tokens: 'INTEGER',
      completion_tokens: 'INTEGER', cached_prompt_tokens: 'INTEGER', reasoning_tokens: 'INTEGER', cost_usd: USD, cost_source: 'VARCHAR', duration_ms: 'INTEGER',
      disposition: 'VARCHAR', error_type: 'VARCHAR',
    },
  },
  {
    name: 'interactions',
    orderedBy: 'at',
    columns: {
      at: 'TIMESTAMP', id: 'BIGINT', user_id: 'BIGINT', handler: 'VARCHAR', operation: 'VARCHAR', outcome: 'VARCHAR', error_type: 'VARCHAR',
      reading_source: 'VARCHAR', duration_ms: 'INTEGER', update_age_ms: 'INTEGER',
    },
  },
  {
    name: 'payments',
    orderedBy: 'paid_at',
    columns: {
      paid_at: 'TIMESTAMP', user_id: 'BIGINT', plan: 'VARCHAR', stars: 'INTEGER', value_usd: USD, period_ends_at: 'TIMESTAMP', refunded_at: 'TIMESTAMP',
    },
  },
  { name: 'users', orderedBy: 'created_at', columns: { created_at: 'TIMESTAMP', id: 'BIGINT', source: 'VARCHAR', language: 'VARCHAR' } },
  {
    name: 'schedule_runs',
    orderedBy: 'due_at',
    columns: { due_at: 'TIMESTAMP', schedule: 'VARCHAR', started_at: 'TIMESTAMP', finished_at: 'TIMESTAMP', outcome: 'VARCHAR' },
  },
];
