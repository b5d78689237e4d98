import { useTranslation } from 'react-i18next';
import type { Economics, EconomicsFigures } from '#server/contracts/economics.ts';
import { ChangeNote } from '../../components/change-note.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { MoneyChange } from './money-change.tsx';

type Users = EconomicsFigures['users'];

/** An amount divided among users, and the count by which it is divided. */
const AMOUNTS = [
  { key: 'costPerActive', usdKey: 'costPerActiveUsd', countKey: 'activeCount', note: 'active', welcome: 'down' },
  { key: 'costPerPaying', usdKey: 'costPerPayingUsd', countKey: 'activePayingCount', note: 'activePaying', welcome: 'down' },
  { key: 'revenuePerActive', usdKey: 'revenuePerActiveUsd', countKey: 'activeCount', note: 'active', welcome: 'up' },
  { key: 'revenuePerPaying', usdKey: 'revenuePerPayingUsd', countKey: 'payingCount', note: 'payingCount', welcome: 'up' },
] as const;

const COUNTS = [
  { key: 'paying', countKey: 'payingCount', note: 'payingNote' },
  { key: 'newPaying', countKey: 'newPayingCount', note: 'newPayingNote' },
] as const;

/** What one user costs and brings in, and who pays. */
export function UserCards({ report: { users, compared } }: { report: Economics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earlier = compared?.users;
  return (
    <>
      <Section title={t('economics.perUser.title')}>
        <div className="stats">
          {AMOUNTS.map(({ key, usdKey, countKey, note, welcome }) => (
            <StatCard
              key={key}
              label={t(`economics.perUser.${key}`)}
              value={users[usdKey] === null ? null : <Money usd={users[usdKey]} />}
              change={earlier && <MoneyChange usd={users[usdKey]} earlier={earlier[usdKey]} welcome={welcome} />}
              notes={[t(`economics.perUser.${note}`, { count: users[countKey], formatted: format.count(users[countKey]) })]}
            />
          ))}
        </div>
      </Section>
      <Section title={t('economics.perUser.whoPays')}>
        <div className="stats">
          {COUNTS.map(({ key, countKey, note }) => (
            <StatCard
              key={key}
              label={t(`economics.perUser.${key}`)}
              value={format.count(users[countKey])}
              change={earlier && <ChangeNote figure={users[countKey]} earlier={earlier[countKey]} earlierText={format.count(earlier[countKey])} welcome="up" />}
              notes={[t(`economics.perUser.${note}`)]}
            />
          ))}
          <ConversionCard users={users} earlier={earlier} />
        </div>
      </Section>
    </>
  );
}

function ConversionCard({ users: { conversionRatio, convertedCount, newCount }, earlier }: { users: Users; earlier: Users | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = (ratio: number | null) => (ratio === null ? null : format.percent(ratio));
  const note = t('economics.perUser.conversionNote', { count: newCount, converted: format.count(convertedCount), formatted: format.count(newCount) });
  return (
    <StatCard
      label={t('economics.perUser.conversion')}
      value={textOf(conversionRatio)}
      change={earlier && <ChangeNote figure={conversionRatio} earlier={earlier.conversionRatio} earlierText={textOf(earlier.conversionRatio)} welcome="up" />}
      notes={[conversionRatio === null ? t('economics.perUser.conversionNone') : note]}
    />
  );
}
