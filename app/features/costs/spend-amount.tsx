import type { Spend } from '#server/contracts/waste.ts';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';

/** An amount of a part; a dash where no cost of it is known, which is something else than nothing. */
export function SpendAmount({ spend, usd }: { spend: Spend; usd: string }) {
  return spend.settledCount === 0 && spend.openCount > 0 ? <Unknown /> : <Money usd={usd} />;
}
