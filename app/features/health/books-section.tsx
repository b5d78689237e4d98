import { Alert, Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Parity, ParityDifference } from '#server/contracts/parity.ts';
import { Badge } from '../../components/badge.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** Zero in whatever way it is written. */
function isNone(amount: string): boolean {
  return /^-?0(\.0+)?$/.test(amount);
}

/** Whether the counters and the tables tell the same, quantity by quantity. */
export function BooksSection({ parity, timeZone }: { parity: Parity | null; timeZone: string }) {
  const { t } = useTranslation();
  return (
    <Section title={t('healthPage.books.title')} aside={t('healthPage.books.aside')}>
      <Card size="small" id="books" className="books">
        {parity === null ? <p className="empty">{t('healthPage.books.never')}</p> : <Compared parity={parity} timeZone={timeZone} />}
      </Card>
    </Section>
  );
}

function Compared({ parity: { comparedAt, differences }, timeZone }: { parity: Parity; timeZone: string }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const count = differences.filter(({ difference }) => !isNone(difference)).length;
  return (
    <>
      {count > 0 && <Alert type="error" role="alert" title={t('healthPage.books.apart', { count })} />}
      <p className="stat-note">
        {count === 0 && t('healthPage.books.allAgree')} {t('healthPage.books.intro')} {t('healthPage.books.comparedAt')}: <Instant at={comparedAt} timeZone={timeZone} isPrecise />
      </p>
      <DataTable caption={t('healthPage.books.title')} columns={columns} rows={differences} rowKey={({ quantity }) => quantity} />
    </>
  );
}

function useColumns(): Column<ParityDifference>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = t('healthPage.books.columns', { returnObjects: true });
  const amount = (quantity: ParityDifference['quantity'], text: string) => (quantity === 'cost_dollars' ? <Money usd={text} /> : <span data-exact={text}>{format.count(Number(text))}</span>);
  return [
    { key: 'quantity', title: titles.quantity, render: ({ quantity }) => t(`healthPage.books.quantities.${quantity}`) },
    {
      key: 'difference',
      title: titles.difference,
      // Exact, to the last place: a rounded difference might read as none.
      render: ({ quantity, difference }) =>
        isNone(difference) ? (
          <Badge tone="good">{t('healthPage.books.agrees')}</Badge>
        ) : (
          <Badge tone="bad">{t('healthPage.books.differs', { difference: quantity === 'cost_dollars' ? `${difference} $` : difference })}</Badge>
        ),
    },
    { key: 'counter', title: titles.counter, isNumeric: true, render: ({ quantity, counter }) => amount(quantity, counter) },
    { key: 'table', title: titles.table, isNumeric: true, render: ({ quantity, table }) => amount(quantity, table) },
  ];
}
