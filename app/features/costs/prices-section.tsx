import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { PriceList } from '#server/contracts/prices.ts';
import { OPERATIONS } from '#server/contracts/vocabulary.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import type { CostsData } from './costs-page.tsx';
import { PriceHistoryCard } from './price-history-card.tsx';
import { usePriceColumns } from './use-price-columns.tsx';

type ModelPrice = PriceList['models'][number];

function useColumns(timeZone: string): Column<ModelPrice>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const { pathname, search } = useLocation();
  const price = usePriceColumns<ModelPrice>(timeZone, (row) => row.price);
  const setFor = ({ operations }: ModelPrice) => {
    if (operations.length === 0) return <span className="muted">{t('vocabulary.none')}</span>;
    return operations.length === OPERATIONS.length ? t('costs.prices.allOperations') : operations.map(words.operation).join(', ');
  };
  return [
    {
      key: 'model',
      title: t('costs.prices.columns.model'),
      render: ({ model }) => (
        <Link to={`${pathname}${changeQuery(search, { history: model })}#price-history`} aria-label={t('costs.prices.historyOf', { model })} preventScrollReset>
          {model}
        </Link>
      ),
    },
    price.prompt,
    price.completion,
    price.cached,
    price.request,
    price.since,
    { key: 'used', title: t('costs.prices.columns.used'), isNumeric: true, render: ({ attemptCount }) => format.count(attemptCount) },
    { key: 'configured', title: t('costs.prices.columns.configured'), render: setFor },
  ];
}

/** The price valid now of every model in use, and the history of the one that is chosen. */
export function PricesSection({ costs: { prices, history } }: { costs: CostsData }) {
  const { t } = useTranslation();
  const columns = useColumns(prices.range.timeZone);
  return (
    <Section title={t('costs.prices.title')} aside={t('costs.prices.aside')}>
      <Card size="small">
        {prices.models.length === 0 ? (
          <p className="empty">{t('costs.prices.none')}</p>
        ) : (
          <DataTable caption={t('costs.prices.title')} columns={columns} rows={prices.models} rowKey={({ model }) => model} />
        )}
      </Card>
      {history && <PriceHistoryCard history={history} asOf={prices.generatedAt} />}
    </Section>
  );
}
