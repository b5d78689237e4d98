import { Parity } from '#server/contracts/parity.ts';
import { adminProcedure, router } from '../init.ts';

export const parityRouter = router({
  /** Counters against tables as last compared; null before the first time, and where this process does not compare. */
  get: adminProcedure.output(Parity.nullable()).query(({ ctx }) => ctx.parity?.latest() ?? null),
});
