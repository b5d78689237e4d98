import { ChangeNote } from '../../components/change-note.tsx';
import { useFormat } from '../../lib/use-format.ts';

export interface MoneyChangeProps {
  readonly usd: string | null;
  /** The same of the compared range; undefined: nothing is compared. */
  readonly earlier: string | null | undefined;
  readonly welcome: 'up' | 'down' | 'none';
}

/** How an amount changed against the compared range; nothing where none is compared. */
export function MoneyChange({ usd, earlier, welcome }: MoneyChangeProps) {
  const format = useFormat();
  if (earlier === undefined) return null;
  return <ChangeNote figure={usd} earlier={earlier} earlierText={earlier === null ? null : format.usd(earlier)} welcome={welcome} />;
}
