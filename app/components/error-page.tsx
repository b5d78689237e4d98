import { Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { findErrorKind } from '../lib/error-kind.ts';

/** Says in words what happened and what to do; shows nothing of the error itself. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const kind = findErrorKind(error);
  return (
    <section className="notice-page" aria-labelledby="error-title">
      <h1 id="error-title">{t(`errors.${kind}.title`)}</h1>
      <p>{t(`errors.${kind}.text`)}</p>
      <p className="link-row">
        {/* Asking from this page keeps it while nobody answers; the browser's own reload would not. */}
        {kind === 'unreachable' && <Link to={`${pathname}${search}`}>{t('errors.retry')}</Link>}
        {kind !== 'notFound' && kind !== 'unreachable' && (
          <a href={`${pathname}${search}`} rel="nofollow">
            {t('errors.retry')}
          </a>
        )}
        <Link to="/monitoring">{t('errors.home')}</Link>
      </p>
    </section>
  );
}
