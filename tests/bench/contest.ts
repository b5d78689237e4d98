import { medianRatio, summarize, type Summary } from './stats.ts';

/** One way to do the work of a contest. */
export interface Contestant {
  readonly name: string;
  /** One run; gives its figure in the contest's unit. */
  measure(): Promise<number>;
}

/** The same work done in several ways in turn; the first is ours, the others are what it is held against. */
export interface Contest {
  readonly name: string;
  /** What stands between the reader and a wrong conclusion. */
  readonly conditions: string;
  readonly unit: string;
  readonly isHigherBetter: boolean;
  readonly roundCount: number;
  /** Rounds before the first that counts. */
  readonly warmUpCount: number;
  readonly contestants: readonly [Contestant, ...Contestant[]];
}

export interface ContestantResult extends Summary {
  readonly name: string;
  readonly values: readonly number[];
  /** Ours divided by this one; null for ours. */
  readonly oursRatio: number | null;
}

export interface ContestResult extends Pick<Contest, 'name' | 'conditions' | 'unit' | 'isHigherBetter'> {
  readonly results: readonly ContestantResult[];
}

/** Runs all contestants in every round, in turns forwards and backwards, so that none always has the warmer machine. */
export async function runContest(contest: Contest, onRound: (line: string) => void): Promise<ContestResult> {
  const { name, conditions, unit, isHigherBetter, contestants, roundCount, warmUpCount } = contest;
  const values = contestants.map((): number[] => []);
  for (let round = -warmUpCount; round < roundCount; round += 1) {
    const order = [...contestants.entries()];
    for (const [index, contestant] of round % 2 === 0 ? order : order.reverse()) {
      const value = await contestant.measure();
      if (round >= 0) values[index]?.push(value);
    }
    if (round >= 0) onRound(`${name}: round ${round + 1} of ${roundCount}`);
  }
  const ours = values[0] ?? [];
  const results = contestants.map((contestant, index) => {
    const own = values[index] ?? [];
    return { name: contestant.name, values: own, ...summarize(own), oursRatio: index === 0 ? null : medianRatio(ours, own) };
  });
  return { name, conditions, unit, isHigherBetter, results };
}
