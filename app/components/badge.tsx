import type { ReactNode } from 'react';

export type BadgeTone = 'good' | 'bad' | 'warning' | 'plain';

/** A state in a word, on a tint that supports the word and never replaces it. */
export function Badge({ tone, children }: { tone: BadgeTone; children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}
