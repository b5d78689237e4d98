import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { BudgetBanner } from '#server/contracts/budgets.ts';
import { Banner, Banners } from '../../components/banners.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { HARD_ACTIONS } from './step-state.tsx';
import { useBudgetWords } from './use-budget-words.ts';

/** A notice for each budget with a step in force: what is wrong, until when, and what to do. Nothing where all is well. */
export function BudgetBanners({ banners }: { banners: readonly BudgetBanner[] }) {
  const { t } = useTranslation();
  if (banners.length === 0) return null;
  return (
    <Banners label={t('budgets.banner.label')}>
      {banners.map((banner) => (
        <BannerOfBudget key={banner.budgetId} banner={banner} />
      ))}
    </Banners>
  );
}

function BannerOfBudget({ banner }: { banner: BudgetBanner }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useBudgetWords();
  const [hardest] = banner.steps;
  if (!hardest) return null;
  const { action, userCount } = hardest;
  const facts = {
    name: banner.name,
    used: format.usd(banner.committedUsd),
    limit: format.usd(banner.limitUsd),
    share: format.percent(banner.ratio),
    effect: t(`budgets.effects.${action}`),
    date: words.day(banner.nextPeriodDate),
  };
  const text =
    userCount > 0
      ? t('budgets.banner.users', { ...facts, count: userCount, formatted: format.count(userCount) })
      : t(action === 'warn' ? 'budgets.banner.warning' : 'budgets.banner.text', facts);
  return (
    <Banner type={HARD_ACTIONS.has(action) ? 'error' : 'warning'}>
      {text} {t(action === 'warn' ? 'budgets.banner.watch' : 'budgets.banner.act')} <Link to={`/monitoring/budgets#budget-${banner.budgetId}`}>{t('budgets.seeBudget')}</Link>
    </Banner>
  );
}
