import { numeric, timestamp } from 'drizzle-orm/pg-core';

/** US dollars to 12 decimal places (a two-token call can cost 1e-8), as a decimal string; summed in SQL, never as a float. */
export const usd = (name: string) => numeric(name, { precision: 20, scale: 12 });

/** An instant, UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });
