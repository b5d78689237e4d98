import { Link, useLocation } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { TOP_USERS_DEFAULT, TOP_USERS_MAX, type Economics, type TopUser } from '#server/contracts/economics.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { computeShareRatio } from '../../lib/format/money.ts';
import { generationsPath } from '../../lib/generations-path.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { useCountColumn } from './use-account-columns.tsx';

interface Row {
  readonly key: string;
  /** Null: not one user. */
  readonly user: TopUser | null;
  readonly name: string;
  readonly costUsd: string;
  readonly attemptCount: number;
}

const COUNTS = [TOP_USERS_DEFAULT, 20, TOP_USERS_MAX] as const;

/** Who costs most, by our own ids; a user leads to their attempts. All others and nobody follow, so that the rows are the total. */
export function TopUsersSection({ report, top }: { report: Economics; top: number }) {
  const { t } = useTranslation();
  const title = t('economics.topUsers.title');
  const { topUsers, otherUsers, nobody, total } = report;
  const rows: Row[] = [
    ...topUsers.map((user) => ({ ...user, key: String(user.userId), user, name: t('economics.topUsers.user', { id: user.userId }) })),
    { ...otherUsers, key: 'others', user: null, name: t('economics.topUsers.others') },
    { ...nobody, key: 'nobody', user: null, name: t('economics.topUsers.nobody') },
    { ...total, key: 'total', user: null, name: t('economics.totalRow') },
  ];
  const columns = useColumns(report);
  return (
    <Section title={title} aside={<>{t('economics.topUsers.aside')} <ExportLink report="economics" table="top-users" what={title} /></>}>
      <TopSwitch top={top} />
      <Card size="small">
        {topUsers.length === 0 ? <p className="empty">{t('economics.topUsers.empty')}</p> : <DataTable caption={title} columns={columns} rows={rows} rowKey={({ key }) => key} />}
      </Card>
    </Section>
  );
}

function useColumns({ range, total }: Economics): Column<Row>[] {
  const { t } = useTranslation();
  const words = useVocabulary();
  return [
    {
      key: 'user',
      title: t('economics.columns.user'),
      render: ({ user, name, costUsd, key }) => (
        <>
          {user === null ? name : <Link to={generationsPath(range, { user: String(user.userId) })}>{name}</Link>}
          {key !== 'total' && <ShareBar ratio={computeShareRatio(costUsd, total.costUsd) ?? 0} />}
        </>
      ),
    },
    { key: 'cost', title: t('economics.columns.cost'), isNumeric: true, render: ({ costUsd }) => <Money usd={costUsd} /> },
    useCountColumn<Row>('attempts', (row) => row.attemptCount),
    {
      key: 'planNow',
      title: t('economics.columns.planNow'),
      render: ({ user }) => user && (user.planNow === null ? t('economics.topUsers.deleted') : words.plan(user.planNow)),
    },
  ];
}

/** How many users are told, as links, so that it is in the URL. */
function TopSwitch({ top }: { top: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  return (
    <nav aria-label={t('economics.topUsers.show')} className="family-switch">
      <span className="switch">
        {COUNTS.map((count) => (
          <Link key={count} to={`${pathname}${changeQuery(search, { top: count === TOP_USERS_DEFAULT ? null : String(count) })}`} aria-current={count === top ? 'page' : undefined} preventScrollReset>
            {format.count(count)}
          </Link>
        ))}
      </span>
    </nav>
  );
}
