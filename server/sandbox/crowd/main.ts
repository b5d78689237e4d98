import { findAcquainted } from '../history/plan-history.ts';
import { createRandom } from '../random.ts';
import { readNumber, readWholeNumber, runStandInProcess } from '../stand-in-process.ts';
import { createControlClient } from '../telegram/control-client.ts';
import { createPeople } from './people.ts';
import { meanGapMsOf, startCrowd } from './run-crowd.ts';

await runStandInProcess({
  options: { 'control-url': null, users: '40', seed: '1', 'rate-scale': '1', 'past-days': '0', 'past-until': new Date().toISOString() },
  start: async (flags) => {
    const userCount = readWholeNumber(flags, 'users', { min: 1, max: 100_000 });
    const seed = readWholeNumber(flags, 'seed', { min: 0, max: Number.MAX_SAFE_INTEGER });
    const controlUrl = new URL(flags['control-url'] ?? '').href.replace(/\/$/u, '');
    const days = readWholeNumber(flags, 'past-days', { min: 0, max: 10_000 });
    const acquainted = findAcquainted({ seed, userCount, days, until: new Date(flags['past-until'] ?? '') });
    const crowd = startCrowd({
      client: createControlClient({ controlUrl }),
      members: createPeople(seed, userCount),
      isAcquainted: ({ person }) => acquainted.has(person.id),
      // What people do differs from start to start; who they are does not.
      random: createRandom(`${seed}/acts/${Date.now()}`),
      meanGapMs: meanGapMsOf(userCount, readNumber(flags, 'rate-scale', { min: 0.001, max: 10_000 })),
      onFailure: (description) => void process.stderr.write(`${description}\n`),
    });
    return { ready: {}, close: () => crowd.stop() };
  },
});
