import { useTranslation } from 'react-i18next';
import type { Waste } from '#server/contracts/waste.ts';
import { Money } from '../../components/money.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';

/** Spent, delivered, wasted, and what cost nothing because it came from our own store. */
export function WasteStats({ waste: { total, readings } }: { waste: Waste }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = (key: 'deliveredNote' | 'wastedNote', usd: string, count: number) => {
    const ratio = computeShareRatio(usd, total.costUsd);
    return ratio === null ? t('costs.waste.nothing') : t(`costs.waste.${key}`, { share: format.percent(ratio), formatted: format.count(count) });
  };
  const attempts = t('costs.waste.totalNote', { count: total.attemptCount, formatted: format.count(total.attemptCount) });
  const open = total.openCount === 0 ? [] : [t('costs.waste.open', { formatted: format.count(total.openCount) })];
  return (
    <div className="stats">
      <StatCard label={t('costs.waste.total')} value={<Money usd={total.costUsd} />} notes={[attempts, ...open]} />
      <StatCard
        label={t('costs.waste.delivered')}
        value={<Money usd={total.deliveredUsd} />}
        notes={[share('deliveredNote', total.deliveredUsd, total.deliveredCount)]}
      />
      <StatCard
        label={t('costs.waste.wasted')}
        value={<Money usd={total.wastedUsd} />}
        notes={[share('wastedNote', total.wastedUsd, total.settledCount - total.deliveredCount)]}
      />
      <StoreCard readings={readings} />
    </div>
  );
}

function StoreCard({ readings: { storeCount, storeUsd, modelCount, unrecordedCount } }: { readings: Waste['readings'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const recordedCount = storeCount + modelCount;
  const counted = t('costs.waste.storeNote', {
    zero: format.usd(storeUsd),
    share: format.percent(recordedCount === 0 ? 0 : storeCount / recordedCount),
    formatted: format.count(recordedCount),
  });
  const unrecorded = unrecordedCount === 0 ? [] : [t('costs.waste.storeUnrecorded', { formatted: format.count(unrecordedCount) })];
  const none = unrecordedCount === 0 ? [t('costs.waste.storeNone')] : [];
  return (
    <StatCard
      label={t('costs.waste.store')}
      value={recordedCount === 0 ? null : format.count(storeCount)}
      notes={recordedCount === 0 ? [...none, ...unrecorded] : [counted, ...unrecorded]}
    />
  );
}
