import { useTranslation } from 'react-i18next';
import type { Economics, EconomicsFigures } from '#server/contracts/economics.ts';
import { ChangeNote } from '../../components/change-note.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { computeShareRatio } from '../../lib/format/money.ts';
import { useFormat } from '../../lib/use-format.ts';
import { MoneyChange } from './money-change.tsx';

type Total = EconomicsFigures['total'];

/** How sure the cost is: the shares of billed, looked-up and estimated money, and what is not in the sum. */
function useCostNotes(total: Total): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const share = (usd: string) => format.percent(computeShareRatio(usd, total.costUsd) ?? 0);
  const hasCost = computeShareRatio(total.costUsd, total.costUsd) !== null;
  return [
    hasCost ? t('overview.cost.shares', { billed: share(total.billedUsd), lookup: share(total.lookupUsd), estimated: share(total.estimatedUsd) }) : t('overview.cost.noCost'),
    t('overview.cost.unsettled', { reserved: format.count(total.reservedCount), unknown: format.count(total.unknownCount) }),
  ];
}

/** What came in, in dollars and in Stars, and of how many payments and refunds. */
function useRevenueNotes(total: Total): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const of = (key: 'payments' | 'refunds', count: number, usd: string) => t(`economics.totals.${key}`, { count, formatted: format.count(count), amount: format.usd(usd) });
  return [
    t('economics.totals.revenueNote'),
    t('economics.totals.stars', { formatted: format.count(total.revenueStars) }),
    of('payments', total.paymentCount, total.paymentUsd),
    ...(total.refundCount === 0 ? [] : [of('refunds', total.refundCount, total.refundUsd)]),
  ];
}

/** Revenue, cost and margin of the range. */
export function TotalCards({ report: { total, compared } }: { report: Economics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earlier = compared?.total;
  return (
    <Section title={t('economics.totals.title')} aside={t('economics.totals.aside')}>
      <div className="stats">
        <StatCard
          label={t('economics.totals.revenue')}
          value={<Money usd={total.revenueUsd} />}
          change={earlier && <MoneyChange usd={total.revenueUsd} earlier={earlier.revenueUsd} welcome="up" />}
          notes={useRevenueNotes(total)}
        />
        <StatCard
          label={t('economics.totals.cost')}
          value={<Money usd={total.costUsd} />}
          change={earlier && <MoneyChange usd={total.costUsd} earlier={earlier.costUsd} welcome="down" />}
          notes={useCostNotes(total)}
        />
        <StatCard
          label={t('economics.totals.margin')}
          value={<Money usd={total.marginUsd} />}
          change={earlier && <MoneyChange usd={total.marginUsd} earlier={earlier.marginUsd} welcome="up" />}
          notes={[t('economics.totals.marginNote')]}
        />
        <StatCard
          label={t('economics.totals.ratio')}
          value={total.marginRatio === null ? null : format.percent(total.marginRatio)}
          change={
            earlier && (
              <ChangeNote
                figure={total.marginRatio}
                earlier={earlier.marginRatio}
                earlierText={earlier.marginRatio === null ? null : format.percent(earlier.marginRatio)}
                welcome="up"
              />
            )
          }
          notes={[total.marginRatio === null ? t('economics.totals.ratioNone') : t('economics.totals.ratioNote')]}
        />
      </div>
    </Section>
  );
}
