import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Price } from '#server/contracts/prices.ts';
import type { Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { toPerMillion } from '../../lib/format/money.ts';

type PriceColumnKey = 'prompt' | 'completion' | 'cached' | 'request' | 'since';

/** The columns of a price: per million tokens, per request, and from when on. Null: no price is on record. */
export function usePriceColumns<Row>(timeZone: string, pick: (row: Row) => Price | null): Record<PriceColumnKey, Column<Row>> {
  const { t } = useTranslation();
  const column = (key: PriceColumnKey, render: (price: Price) => ReactNode, isNumeric = true): Column<Row> => ({
    key,
    title: t(`costs.prices.columns.${key}`),
    isNumeric,
    render: (row) => {
      const price = pick(row);
      return price ? render(price) : <Unknown />;
    },
  });
  const perMillion = (usd: string) => <Money usd={toPerMillion(usd)} />;
  return {
    prompt: column('prompt', ({ promptUsd }) => perMillion(promptUsd)),
    completion: column('completion', ({ completionUsd }) => perMillion(completionUsd)),
    cached: column('cached', ({ cachedPromptUsd }) => (cachedPromptUsd === null ? t('costs.prices.cachedAsPrompt') : perMillion(cachedPromptUsd))),
    request: column('request', ({ requestUsd }) => <Money usd={requestUsd} />),
    since: column('since', ({ validFrom }) => <Instant at={validFrom} timeZone={timeZone} />, false),
  };
}
