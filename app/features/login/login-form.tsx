import { useTranslation } from 'react-i18next';
import { CredentialsCard } from './credentials-card.tsx';
import type { FormResult } from './form-faults.ts';

/** Logs in and goes on to `next`. */
export function LoginForm({ next, result }: { next: string; result: FormResult | undefined }) {
  const { t } = useTranslation();
  return (
    <CredentialsCard
      title={t('login.title')}
      intro={t('login.intro')}
      password={{ label: t('login.password'), autoComplete: 'current-password' }}
      submit={{ label: t('login.submit'), pendingLabel: t('login.submitting') }}
      result={result}
    >
      <input type="hidden" name="next" value={next} />
    </CredentialsCard>
  );
}
