import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentRow } from '#server/contracts/health-history.ts';

/** Checks and what they said, in words; what another version wrote is told as such. */
export function useHealthWords() {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      check: (check: IncidentRow['check']) => (check === 'other' ? t('healthPage.otherCheck') : t(`health.checks.${check}`)),
      message: ({ code, detail }: Pick<IncidentRow, 'code' | 'detail'>) =>
        code === 'other' ? t('healthPage.otherMessage') : t(`health.messages.${code}`, { detail: detail ?? '' }),
    }),
    [t],
  );
}
