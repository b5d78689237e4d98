/** What came in and went out in one place of a chart; names and texts are ready for reading. */
export interface Balance {
  readonly key: string;
  readonly name: string;
  /** Negative where more was given back than came in. */
  readonly income: number;
  readonly expense: number;
  readonly texts: BalanceTexts;
  /** Why it stands for less than the others do, as when its time is still running; null for a whole one. */
  readonly partNote: string | null;
}

/** A text for the income, the expense and what is left. */
export interface BalanceTexts {
  readonly income: string;
  readonly expense: string;
  readonly net: string;
}

/** Where the parts of a bar lie: income above zero, what was given back and expense below it, one below the other; and what is left. */
export interface BalanceShape {
  readonly above: number;
  readonly returned: number;
  readonly below: number;
  readonly net: number;
}

/** The parts of one bar, from its zero on: `above` upwards, `returned` and then the expense down to `below`. */
export function shapeOf({ income, expense }: Balance): BalanceShape {
  const above = Math.max(income, 0);
  const returned = Math.min(income, 0);
  return { above, returned, below: returned - expense, net: income - expense };
}
