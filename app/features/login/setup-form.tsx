import { Link } from '@remix-run/react';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { PASSWORD_LENGTH_MIN } from '#server/contracts/login.ts';
import { CredentialsCard } from './credentials-card.tsx';
import type { FormResult } from './form-faults.ts';

export interface SetupFormProps {
  readonly code: string;
  /** There is an owner already. */
  readonly isDone: boolean;
  readonly result: FormResult | undefined;
}

/** Makes the first owner by the one-time code of the setup link. */
export function SetupForm({ code, isDone, result }: SetupFormProps) {
  const { t } = useTranslation();
  if (isDone || !code) {
    return (
      <section className="notice-page" aria-labelledby="setup-title">
        <h1 id="setup-title">{t('setup.title')}</h1>
        <Alert type="info" title={isDone ? t('setup.done') : t('setup.codeMissing')} />
        {isDone && (
          <p className="link-row">
            <Link to="/login">{t('nav.logIn')}</Link>
          </p>
        )}
      </section>
    );
  }
  return (
    <CredentialsCard
      title={t('setup.title')}
      intro={t('setup.intro')}
      password={{ label: t('setup.password'), hint: t('setup.passwordHint', { minimum: PASSWORD_LENGTH_MIN }), autoComplete: 'new-password' }}
      submit={{ label: t('setup.submit'), pendingLabel: t('setup.submitting') }}
      result={result}
    >
      <input type="hidden" name="code" value={code} />
    </CredentialsCard>
  );
}
