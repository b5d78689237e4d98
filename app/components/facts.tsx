import type { ReactNode } from 'react';
import { Unknown } from './unknown.tsx';

export interface Fact {
  readonly term: string;
  /** Null: not known. */
  readonly value: ReactNode;
  readonly note?: ReactNode;
}

/** What is known of one thing, as terms and values side by side. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(({ term, value, note }) => (
        <div key={term} className="fact">
          <dt>{term}</dt>
          <dd>
            {value ?? <Unknown />}
            {note && <span className="fact-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
