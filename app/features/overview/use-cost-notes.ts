import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';

/** How sure the total is: the shares of billed, looked-up and estimated money, and what is not in the sum. */
export function useCostNotes({ cost, generations }: Overview): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const share = (usd: string) => format.percent(computeShareRatio(usd, cost.totalUsd) ?? 0);
  const sources =
    computeShareRatio(cost.totalUsd, cost.totalUsd) === null
      ? t('overview.cost.noCost')
      : t('overview.cost.shares', { billed: share(cost.billedUsd), lookup: share(cost.lookupUsd), estimated: share(cost.estimatedUsd) });
  const unsettled = { reserved: format.count(generations.reservedCount), unknown: format.count(generations.unknownCount) };
  return [sources, t('overview.cost.unsettled', unsettled)];
}
