import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Price, PriceHistory } from '#server/contracts/prices.ts';
import { Badge } from '../../components/badge.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { useFormat } from '../../lib/use-format.ts';
import { usePriceColumns } from './use-price-columns.tsx';

/** Every price of one model that is on record, the newest first. */
export function PriceHistoryCard({ history: { model, prices, totalCount, timeZone }, asOf }: { history: PriceHistory; asOf: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  const price = usePriceColumns<Price>(timeZone, (row) => row);
  const current = prices.find(({ validFrom }) => Date.parse(validFrom) <= Date.parse(asOf));
  const since: Column<Price> = {
    ...price.since,
    render: (row) => (
      <>
        {price.since.render(row)} {row === current && <Badge tone="good">{t('costs.prices.current')}</Badge>}
      </>
    ),
  };
  const close = (
    <Link to={`${pathname}${changeQuery(search, { history: null })}`} preventScrollReset>
      {t('costs.prices.close')}
    </Link>
  );
  return (
    <Card size="small" id="price-history" title={<h3>{t('costs.prices.history', { model })}</h3>} extra={close}>
      {prices.length === 0 ? (
        <p className="empty">{t('costs.prices.historyEmpty')}</p>
      ) : (
        <DataTable
          caption={t('costs.prices.history', { model })}
          columns={[since, price.prompt, price.completion, price.cached, price.request]}
          rows={prices}
          rowKey={({ validFrom }) => validFrom}
        />
      )}
      {totalCount > prices.length && <p className="stat-note">{t('costs.prices.historyCut', { formatted: format.count(prices.length) })}</p>}
    </Card>
  );
}
