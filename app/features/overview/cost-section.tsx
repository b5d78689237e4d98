import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useCostNotes } from './use-cost-notes.ts';

function money(usd: string | null) {
  return usd === null ? null : <Money usd={usd} />;
}

/** What the models cost in the range, in all and per request, token and user. */
export function CostSection({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { cost, generations, tokens, compared } = overview;
  const usdChange = (usd: string | null, earlier: string | null | undefined, welcome: 'down' | 'none') => (
    <FigureChange figure={usd} earlier={earlier} format={format.usd} welcome={welcome} />
  );
  const perUserNote = (key: 'perActiveNote' | 'perPayingNote', count: number) =>
    t(`overview.cost.${key}`, { count, formatted: format.count(count) });
  return (
    <Section title={t('overview.cost.title')}>
      <div className="stats">
        <StatCard
          label={t('overview.cost.total')}
          value={<Money usd={cost.totalUsd} />}
          change={usdChange(cost.totalUsd, compared?.cost.totalUsd, 'none')}
          notes={useCostNotes(overview)}
        />
        <StatCard
          label={t('overview.requests.total')}
          value={format.count(generations.totalCount)}
          change={<FigureChange figure={generations.totalCount} earlier={compared?.generations.totalCount} format={format.count} />}
          notes={[t('overview.requests.note', { settled: format.count(generations.settledCount), failed: format.count(generations.voidCount) })]}
        />
        <StatCard
          label={t('overview.tokens.total')}
          value={<span title={format.count(tokens.total)}>{format.compactCount(tokens.total)}</span>}
          change={<FigureChange figure={tokens.total} earlier={compared?.tokens.total} format={format.compactCount} />}
          notes={[
            t('overview.tokens.split', { prompt: format.compactCount(tokens.prompt), completion: format.compactCount(tokens.completion) }),
            t('overview.tokens.cached', { cached: format.compactCount(tokens.cachedPrompt) }),
          ]}
        />
        <StatCard
          label={t('overview.cost.average')}
          value={money(cost.averageUsd)}
          change={usdChange(cost.averageUsd, compared?.cost.averageUsd, 'down')}
          notes={[cost.averageUsd === null ? t('overview.cost.averageNone') : t('overview.cost.averageNote')]}
        />
        <StatCard
          label={t('overview.cost.perActive')}
          value={money(cost.perActiveUserUsd)}
          change={usdChange(cost.perActiveUserUsd, compared?.cost.perActiveUserUsd, 'down')}
          notes={[perUserNote('perActiveNote', cost.activeUserCount)]}
        />
        <StatCard
          label={t('overview.cost.perPaying')}
          value={money(cost.perPayingUserUsd)}
          change={usdChange(cost.perPayingUserUsd, compared?.cost.perPayingUserUsd, 'down')}
          notes={[perUserNote('perPayingNote', cost.payingUserCount)]}
        />
      </div>
    </Section>
  );
}
