import { and, isNull } from 'drizzle-orm';
import { horoscopes } from '#db/schema/index.ts';
import { describeError } from '#server/errors.ts';
import { sleep } from '#server/lib/sleep.ts';
import { runGeneration } from '../generations/run-generation.ts';
import type { GenerationDeps, GenerationResult } from '../generations/types.ts';
import { claimHoroscope, setHoroscopeClaim } from './claim.ts';
import { findHoroscope, matchesKey } from './find-horoscope.ts';
import type { HoroscopeAsk, HoroscopeDeps } from './types.ts';

/** How long a claim holds without a sign of life of its writer; a killed writer delays others by no more. */
const CLAIM_MS = 20_000;
const CLAIM_RENEWAL_MS = 5_000;
/** How often an ask looks whether another replica has finished. */
const WAIT_STEP_MS = 250;
/** How long an ask waits for another replica before it gives up. */
const WAIT_MAX_MS = 120_000;

/**
 * The horoscope of a sign, language and day: the stored one, or one generation whose cost is the first asker's. All who
 * ask meanwhile share it, in this process by one promise, across replicas by a claimed row. A failure is shared too; the
 * next ask tries anew.
 */
export async function getHoroscope(deps: HoroscopeDeps, ask: HoroscopeAsk): Promise<GenerationResult> {
  const key = `${ask.sign}:${ask.language}:${ask.date}`;
  let isWriter = false;
  const result = await deps.flights.run(key, () => {
    isWriter = true;
    return findOrWrite(deps.generations, ask);
  });
  // Who only waited was served from what another paid for.
  return isWriter || result.status !== 'answered' ? result : { ...result, source: 'store' };
}

async function findOrWrite(deps: GenerationDeps, ask: HoroscopeAsk): Promise<GenerationResult> {
  for (let waitedMs = 0; waitedMs <= WAIT_MAX_MS; waitedMs += WAIT_STEP_MS) {
    const stored = await findHoroscope(deps.db, ask);
    if (stored) return { status: 'answered', ...stored, source: 'store' };
    const now = deps.clock.now();
    if (await claimHoroscope(deps.db, ask, now, new Date(now.getTime() + CLAIM_MS))) return write(deps, ask);
    await sleep(WAIT_STEP_MS);
  }
  return { status: 'failed', errorType: 'timeout' };
}

async function write(deps: GenerationDeps, ask: HoroscopeAsk): Promise<GenerationResult> {
  const renewal = setInterval(() => {
    const until = new Date(deps.clock.now().getTime() + CLAIM_MS);
    setHoroscopeClaim(deps.db, ask, until).catch((error: unknown) => deps.logger.warn({ cause: describeError(error) }, 'horoscope claim not renewed'));
  }, CLAIM_RENEWAL_MS);
  let result: GenerationResult | undefined;
  try {
    result = await runGeneration(deps, {
      operation: 'horoscope',
      userId: ask.userId,
      plan: ask.plan,
      updateId: ask.updateId,
      language: ask.language,
      prompt: ask.prompt,
      store: async (tx, { text, requestId }) => {
        await tx.update(horoscopes).set({ text, requestId }).where(and(matchesKey(ask), isNull(horoscopes.text)));
      },
    });
    return result;
  } finally {
    clearInterval(renewal);
    if (result?.status !== 'answered') await setHoroscopeClaim(deps.db, ask, deps.clock.now());
  }
}
