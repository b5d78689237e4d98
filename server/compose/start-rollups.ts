import { createRollupLoop } from '#server/jobs/rollup-loop.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import type { Parts } from './compose-input.ts';

/** Makes the rollups' days days of the reporting time zone, then keeps what is not folded short. */
export async function startRollups({ input: { config }, store: { db }, logger, lifecycle }: Parts): Promise<void> {
  await setRollupTimeZone(db, config.values.REPORTING_TIMEZONE);
  const loop = createRollupLoop({ fold: () => foldRollups(db), logger });
  loop.start();
  lifecycle.add('rollups', () => loop.stop());
}
