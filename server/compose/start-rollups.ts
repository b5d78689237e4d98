import { openDatabase, type DatabaseHandle } from '#db/client.ts';
import { createRollupLoop } from '#server/jobs/rollup-loop.ts';
import { foldRollups } from '#server/services/rollups/fold-rollups.ts';
import { setRollupTimeZone } from '#server/services/rollups/set-time-zone.ts';
import type { Parts } from './compose-input.ts';

type RollupParts = Pick<Parts, 'store' | 'logger' | 'lifecycle'>;

/** Making years of days anew may take minutes, for which nobody waits. */
const ZONE_CHANGE_MS = 3_600_000;

/**
 * Makes the rollups' days days of the reporting time zone, then keeps what is not folded short. A change of the zone holds no start
 * up: until it is through, reports put days together from hours.
 */
export function startRollups({ store, logger, lifecycle }: RollupParts, timeZone: string): void {
  // On a connection of its own: those of the pool give a statement up after seconds.
  let zoneChange: DatabaseHandle | null = openDatabase({ url: store.url, applicationName: 'adtrobot-rollups', maxConnections: 1, statementTimeoutMs: ZONE_CHANGE_MS });
  const fold = async (): Promise<void> => {
    if (zoneChange && (await setRollupTimeZone(zoneChange.db, timeZone))) {
      await zoneChange.close();
      zoneChange = null;
    }
    await foldRollups(store.db);
  };
  const loop = createRollupLoop({ fold, logger });
  loop.start();
  lifecycle.add('rollups', () => Promise.all([zoneChange?.close(), loop.stop()]));
}
