import { isRouteErrorResponse, Link, useLocation } from '@remix-run/react';
import { useTranslation } from 'react-i18next';

const KINDS_BY_STATUS = {
  400: 'badRequest',
  401: 'forbidden',
  403: 'forbidden',
  404: 'notFound',
  405: 'badRequest',
  429: 'throttled',
  503: 'unavailable',
} as const;

type ErrorKind = (typeof KINDS_BY_STATUS)[keyof typeof KINDS_BY_STATUS] | 'internal';

function findKind(error: unknown): ErrorKind {
  if (!isRouteErrorResponse(error)) return 'internal';
  const known = Object.entries(KINDS_BY_STATUS).find(([status]) => Number(status) === error.status);
  return known?.[1] ?? (error.status < 500 ? 'badRequest' : 'internal');
}

/** Says in words what happened and what to do; shows nothing of the error itself. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const kind = findKind(error);
  return (
    <section className="notice-page" aria-labelledby="error-title">
      <h1 id="error-title">{t(`errors.${kind}.title`)}</h1>
      <p>{t(`errors.${kind}.text`)}</p>
      <p className="link-row">
        {kind !== 'notFound' && (
          <a href={`${pathname}${search}`} rel="nofollow">
            {t('errors.retry')}
          </a>
        )}
        <Link to="/monitoring">{t('errors.home')}</Link>
      </p>
    </section>
  );
}
