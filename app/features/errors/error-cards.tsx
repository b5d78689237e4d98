import { useTranslation } from 'react-i18next';
import type { ErrorsReport } from '#server/contracts/errors.ts';
import { FigureChange } from '../../components/figure-change.tsx';
import { Section } from '../../components/section.tsx';
import { StatCard } from '../../components/stat-card.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** How often users met an error, how many of them, and how often a model failed. */
export function ErrorCards({ report: { total, attempts, compared } }: { report: ErrorsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { interactionCount, failedCount, limitedCount, errorRatio, userCount } = total;
  const counted = { count: interactionCount, formatted: format.count(interactionCount), failed: format.count(failedCount) };
  const tried = { count: attempts.attemptCount, formatted: format.count(attempts.attemptCount), ratio: attempts.errorRatio === null ? '' : format.percent(attempts.errorRatio) };
  const change = (figure: number, earlier: number | undefined) => <FigureChange figure={figure} earlier={earlier} format={format.count} welcome="down" />;
  return (
    <Section title={t('failures.cards.title')}>
      <div className="stats">
        <StatCard
          label={t('failures.cards.ratio')}
          value={errorRatio === null ? null : format.percent(errorRatio)}
          change={compared && <FigureChange figure={errorRatio} earlier={compared.total.errorRatio} format={format.percent} welcome="down" />}
          notes={[errorRatio === null ? t('failures.cards.none') : t('failures.cards.ratioNote', counted)]}
        />
        <StatCard label={t('failures.cards.failed')} value={format.count(failedCount)} change={compared && change(failedCount, compared.total.failedCount)} notes={[t('failures.cards.failedNote')]} />
        <StatCard label={t('failures.cards.users')} value={format.count(userCount)} change={compared && change(userCount, compared.total.userCount)} notes={[t('failures.cards.usersNote')]} />
        <StatCard label={t('failures.cards.limited')} value={format.count(limitedCount)} change={compared && change(limitedCount, compared.total.limitedCount)} notes={[t('failures.cards.limitedNote')]} />
        <StatCard
          label={t('failures.cards.attempts')}
          value={format.count(attempts.failedCount)}
          change={compared && change(attempts.failedCount, compared.attempts.failedCount)}
          notes={[attempts.errorRatio === null ? t('failures.cards.attemptsNone') : t('failures.cards.attemptsNote', tried)]}
        />
      </div>
    </Section>
  );
}
