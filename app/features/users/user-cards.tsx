import { useTranslation } from 'react-i18next';
import type { Retention, Users } from '#server/contracts/users.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** Active users of rolling windows, and how many of a month come on a day or in a week. */
export function WindowCards({ report: { windows, compared } }: { report: Users }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earlier = compared?.windows;
  return (
    <Section title={t('users.windows.title')} aside={t('users.windows.aside')}>
      <div className="stats">
        {(['dau', 'wau', 'mau'] as const).map((window) => (
          <StatCard
            key={window}
            label={t(`overview.users.${window}`)}
            value={format.count(windows[window])}
            change={<FigureChange figure={windows[window]} earlier={earlier?.[window]} format={format.count} welcome="up" />}
            notes={[t(`overview.users.${window}Note`)]}
          />
        ))}
        {(['dauOfMau', 'wauOfMau'] as const).map((ratio) => (
          <StatCard
            key={ratio}
            label={t(`users.windows.${ratio}`)}
            value={windows[ratio] === null ? null : format.percent(windows[ratio])}
            change={<FigureChange figure={windows[ratio]} earlier={earlier?.[ratio]} format={format.percent} welcome="up" />}
            notes={[windows[ratio] === null ? t('users.windows.nobody') : t(`users.windows.${ratio}Note`)]}
          />
        ))}
      </div>
    </Section>
  );
}

/** Active, new and returning users of the range. */
export function RangeCards({ report: { total, compared } }: { report: Users }) {
  const { t } = useTranslation();
  const format = useFormat();
  const earlier = compared?.total;
  const perActive = format.rate;
  return (
    <Section title={t('users.range.title')}>
      <div className="stats">
        {(['activeCount', 'newCount', 'returningCount'] as const).map((key) => (
          <StatCard
            key={key}
            label={t(`users.range.${key}`)}
            value={format.count(total[key])}
            change={<FigureChange figure={total[key]} earlier={earlier?.[key]} format={format.count} welcome="up" />}
            notes={[t(`users.range.${key}Note`)]}
          />
        ))}
        <StatCard
          label={t('users.range.perActive')}
          value={total.interactionsPerActive === null ? null : perActive(total.interactionsPerActive)}
          change={<FigureChange figure={total.interactionsPerActive} earlier={earlier?.interactionsPerActive} format={perActive} welcome="up" />}
          notes={[total.interactionsPerActive === null ? t('users.range.nobody') : t('users.range.perActiveNote', { count: total.interactionCount, formatted: format.count(total.interactionCount) })]}
        />
      </div>
    </Section>
  );
}

/** How many of the new users of the range came back. */
export function RetentionCards({ report: { retention, compared } }: { report: Users }) {
  const { t } = useTranslation();
  return (
    <Section title={t('users.retention.title')} aside={t('users.retention.aside')}>
      <div className="stats">
        {retention.map((each) => (
          <RetentionCard key={each.days} retention={each} earlier={compared?.retention.find(({ days }) => days === each.days)} />
        ))}
      </div>
    </Section>
  );
}

function RetentionCard({ retention: { days, newCount, activeCount, ratio }, earlier }: { retention: Retention; earlier: Retention | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <StatCard
      label={t('users.retention.label', { days })}
      value={ratio === null ? null : format.percent(ratio)}
      change={<FigureChange figure={ratio} earlier={earlier?.ratio} format={format.percent} welcome="up" />}
      notes={[
        ratio === null
          ? t('users.retention.unknown', { days })
          : t('users.retention.note', { active: format.count(activeCount), count: newCount, formatted: format.count(newCount) }),
      ]}
    />
  );
}
