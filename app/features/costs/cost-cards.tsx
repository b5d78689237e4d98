import { useTranslation } from 'react-i18next';
import type { Costs } from '#server/contracts/costs.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Money } from '../../components/money.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';

/** What the models cost, how sure that is, and for how much work. */
export function CostCards({ report: { total, compared } }: { report: Costs }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earlier = compared?.total;
  const share = (usd: string) => format.percent(computeShareRatio(usd, total.costUsd) ?? 0);
  const isFree = computeShareRatio(total.costUsd, total.costUsd) === null;
  return (
    <div className="stats">
      <StatCard
        label={t('overview.cost.total')}
        value={<Money usd={total.costUsd} />}
        change={<FigureChange figure={total.costUsd} earlier={earlier?.costUsd} format={format.usd} />}
        notes={[
          isFree ? t('overview.cost.noCost') : t('overview.cost.shares', { billed: share(total.billedUsd), lookup: share(total.lookupUsd), estimated: share(total.estimatedUsd) }),
          t('overview.cost.unsettled', { reserved: format.count(total.reservedCount), unknown: format.count(total.unknownCount) }),
        ]}
      />
      <StatCard
        label={t('overview.requests.total')}
        value={format.count(total.attemptCount)}
        change={<FigureChange figure={total.attemptCount} earlier={earlier?.attemptCount} format={format.count} />}
        notes={[t('overview.requests.note', { settled: format.count(total.settledCount), failed: format.count(total.voidCount) })]}
      />
      <StatCard
        label={t('overview.tokens.total')}
        value={format.compactCount(total.promptTokens + total.completionTokens)}
        change={<FigureChange figure={total.promptTokens + total.completionTokens} earlier={earlier && earlier.promptTokens + earlier.completionTokens} format={format.compactCount} />}
        notes={[
          t('overview.tokens.split', { prompt: format.compactCount(total.promptTokens), completion: format.compactCount(total.completionTokens) }),
          t('overview.tokens.cached', { cached: format.compactCount(total.cachedPromptTokens) }),
        ]}
      />
      <StatCard
        label={t('overview.cost.average')}
        value={total.averageUsd === null ? null : <Money usd={total.averageUsd} />}
        change={<FigureChange figure={total.averageUsd} earlier={earlier?.averageUsd} format={format.usd} welcome="down" />}
        notes={[total.averageUsd === null ? t('overview.cost.averageNone') : t('overview.cost.averageNote')]}
      />
    </div>
  );
}
