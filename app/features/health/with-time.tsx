import type { ReactNode } from 'react';

/** A sentence with a time in it that keeps its exact instant: the texts say where it stands. */
export function WithTime({ text, time }: { text: (place: string) => string; time: ReactNode }) {
  const [before = '', after = ''] = text('\n').split('\n');
  return (
    <>
      {before}
      {time}
      {after}
    </>
  );
}
