import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What needs no database, so that it starts at once; everything else shares one embedded Postgres. */
const WITHOUT_DATABASE = ['tests/architecture/**/*.test.{ts,tsx}', 'tests/unit/**/*.test.{ts,tsx}'];
/** What promises to be in time while something is wrong: after all the others, one at a time, so that only what is wrong takes time. */
const ALONE = ['tests/faults/{blocked-loop,postgres-away,postgres-slow,scrapes,slow-loop}.test.ts'];
const globalSetup = ['tests/support/global-setup.ts'];

/** Fault tests take longest, and mostly wait: they begin first, so that none is left over when all the others are done. */
class FaultsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFault = ({ moduleId }: TestSpecification) => moduleId.includes('/tests/faults/');
    return (await super.sort(files)).toSorted((one, other) => Number(isFault(other)) - Number(isFault(one)));
  }
}

export default defineConfig({
  test: {
    server: { deps: { inline: ['drizzle-orm'] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 4,
    sequence: { sequencer: FaultsFirst },
    // No test replaces a module, and none depends on the state of one: files of a worker share what they import.
    isolate: false,
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: 'plain', include: WITHOUT_DATABASE } },
      { extends: true, test: { name: 'database', include: ['tests/**/*.test.{ts,tsx}'], exclude: [...WITHOUT_DATABASE, ...ALONE], globalSetup } },
      { extends: true, test: { name: 'alone', include: ALONE, globalSetup, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
