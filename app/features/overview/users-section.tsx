import { useTranslation } from 'react-i18next';
import type { Overview } from '#server/contracts/overview.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** Active users of a day, a week and a month; rolling windows that end now. */
export function UsersSection({ overview: { activeUsers, compared } }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section title={t('overview.users.title')}>
      <div className="stats">
        {(['dau', 'wau', 'mau'] as const).map((window) => (
          <StatCard
            key={window}
            label={t(`overview.users.${window}`)}
            value={format.count(activeUsers[window])}
            change={<FigureChange figure={activeUsers[window]} earlier={compared?.activeUsers[window]} format={format.count} welcome="up" />}
            notes={[t(`overview.users.${window}Note`)]}
          />
        ))}
      </div>
    </Section>
  );
}
