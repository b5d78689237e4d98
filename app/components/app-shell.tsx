import { Form, Link, NavLink, useNavigation } from '@remix-run/react';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../lib/preferences.ts';
import { LogoIcon, LogOutIcon } from './icons.tsx';
import { PreferenceSwitches } from './preference-switches.tsx';

export interface AppShellProps {
  readonly preferences: Preferences;
  readonly isSandbox: boolean;
  readonly account: { readonly email: string } | null;
  readonly version: string | null;
  readonly children: ReactNode;
}

/** The pages of the cockpit, in the order in which they are shown. */
const PAGES = [
  { to: '/monitoring', name: 'overview' },
  { to: '/monitoring/costs', name: 'costs' },
  { to: '/monitoring/economics', name: 'economics' },
  { to: '/monitoring/users', name: 'users' },
  { to: '/monitoring/generations', name: 'generations' },
  { to: '/monitoring/performance', name: 'performance' },
  { to: '/monitoring/errors', name: 'errors' },
  { to: '/monitoring/jobs', name: 'jobs' },
  { to: '/monitoring/budgets', name: 'budgets' },
  { to: '/monitoring/health', name: 'health' },
] as const;

/** The frame of every page: sandbox notice, product name, navigation, preferences, log-out, content. */
export function AppShell({ preferences, isSandbox, account, version, children }: AppShellProps) {
  const { t } = useTranslation();
  const isNavigating = useNavigation().state !== 'idle';
  return (
    <>
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      {isSandbox && <SandboxRibbon />}
      <header className="shell-header">
        <Link to="/monitoring" className="shell-brand">
          <LogoIcon /> {t('product.name')}
        </Link>
        {account && <MainNavigation isSandbox={isSandbox} />}
        <PreferenceSwitches preferences={preferences} />
        {account && <Account email={account.email} />}
      </header>
      <div className="shell-progress" role="status">
        {isNavigating && <span className="visually-hidden">{t('nav.loading')}</span>}
        {isNavigating && <div className="shell-progress-bar" />}
      </div>
      <main id="content" tabIndex={-1} className="shell-content">
        {children}
      </main>
      {version && (
        <footer className="shell-footer">
          {t('product.name')} {version}
        </footer>
      )}
    </>
  );
}

function SandboxRibbon() {
  const { t } = useTranslation();
  return (
    <aside className="sandbox-ribbon" aria-label={t('sandbox.label')}>
      {t('sandbox.ribbon')} <Link to="/sandbox/chat">{t('sandbox.link')}</Link>
    </aside>
  );
}

function MainNavigation({ isSandbox }: { isSandbox: boolean }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('nav.label')} className="shell-nav">
      {PAGES.map(({ to, name }) => (
        <NavLink key={to} to={to} end={to === '/monitoring'}>
          {t(`nav.${name}`)}
        </NavLink>
      ))}
      {isSandbox && <NavLink to="/sandbox/chat">{t('nav.chat')}</NavLink>}
    </nav>
  );
}

function Account({ email }: { email: string }) {
  const { t } = useTranslation();
  return (
    <Form method="post" action="/logout" className="shell-account">
      <span className="shell-email" title={email}>
        {email}
      </span>
      <Button htmlType="submit" size="small" icon={<LogOutIcon />}>
        {t('nav.logOut')}
      </Button>
    </Form>
  );
}
