import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError, useRouteLoaderData, type ShouldRevalidateFunction } from '@remix-run/react';
import { useEffect, type ReactNode } from 'react';
import { AppShell } from './components/app-shell.tsx';
import { ErrorPage } from './components/error-page.tsx';
import { Providers } from './components/providers.tsx';
import { findErrorKind } from './lib/error-kind.ts';
import { createLastKnown } from './lib/last-known.ts';
import { useNonce } from './lib/nonce.ts';
import { pageTitle } from './lib/page-title.ts';
import { readPreferences } from './lib/preferences.ts';
import antdCssUrl from './styles/antd.gen.css?url';
import appCssUrl from './styles/app.css?url';
import faviconUrl from './styles/favicon.svg?url&no-inline';
import { CSS_VARIABLE_KEY } from './styles/theme.ts';

export const links: LinksFunction = () => [
  { rel: 'icon', type: 'image/svg+xml', href: faviconUrl },
  { rel: 'stylesheet', href: antdCssUrl },
  { rel: 'stylesheet', href: appCssUrl },
];

/** Of pages without a title of their own, and of those that could not be shown. */
export const meta: MetaFunction = ({ error, matches }) =>
  error === undefined ? [{ title: 'AdtroBot' }] : pageTitle(matches, (texts) => texts.errors[findErrorKind(error)].title);

export function loader({ request, context }: LoaderFunctionArgs) {
  return {
    ...readPreferences(request),
    isSandbox: context.isSandbox,
    account: context.session ? { email: context.session.email } : null,
    version: context.session ? context.version : null,
  };
}

/** What is said in the chat changes nothing of the frame, and must not lose the page when the server is away. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  formAction !== '/sandbox/chat' && defaultShouldRevalidate;

const useLastKnownRoot = createLastKnown<ReturnType<typeof loader>>();

export function Layout({ children }: { children: ReactNode }) {
  const root = useLastKnownRoot(useRouteLoaderData<typeof loader>('root'));
  const nonce = useNonce();
  const language = root?.language ?? 'en';
  useEffect(() => {
    document.documentElement.dataset.hydrated = 'true';
  }, []);
  return (
    <html lang={language} data-theme={root?.theme ?? 'system'}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <Meta />
        <Links />
      </head>
      <body className={CSS_VARIABLE_KEY}>
        <Providers language={language}>
          <AppShell
            preferences={{ language, theme: root?.theme ?? 'system' }}
            isSandbox={root?.isSandbox ?? false}
            account={root?.account ?? null}
            version={root?.version ?? null}
          >
            {children}
          </AppShell>
        </Providers>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
