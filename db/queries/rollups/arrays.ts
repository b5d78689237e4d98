import { sql } from 'drizzle-orm';

/** Instants, as Postgres writes them, as an array. */
export const instants = (texts: readonly string[]) => sql`${`{${texts.join(',')}}`}::timestamptz[]`;
/** Whole numbers as an array. */
export const ints = (numbers: readonly number[]) => sql`${`{${numbers.join(',')}}`}::int[]`;
