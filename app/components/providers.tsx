import { StyleProvider } from '@ant-design/cssinjs';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider, type ThemeConfig } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Language } from '#server/contracts/vocabulary.ts';
import { createI18n } from '../i18n/create-i18n.ts';
import { createApiClient, TRPCProvider } from '../lib/trpc.ts';
import { CSS_VARIABLE_KEY, THEME_TOKENS } from '../styles/theme.ts';

/** antd writes no CSS while it runs: `generate-antd-css.ts` made it, for both themes, under the same key. */
const THEME: ThemeConfig = { hashed: false, zeroRuntime: true, cssVar: { key: CSS_VARIABLE_KEY }, token: THEME_TOKENS };

/**
 * Even so antd writes its variables into a `<style>`, which the stylesheet holds already and the Content Security
 * Policy forbids. It may write them into an element that is no part of the page.
 */
function createOutsideElement(): Element | undefined {
  return typeof document === 'undefined' ? undefined : document.createElement('div');
}

/** What every component may count on: texts, the design system, the typed API and its cache. */
export function Providers({ language, children }: { language: Language; children: ReactNode }) {
  const i18n = useMemo(() => createI18n(language), [language]);
  const [queryClient] = useState(() => new QueryClient());
  const [apiClient] = useState(createApiClient);
  const [styleContainer] = useState(createOutsideElement);
  return (
    <I18nextProvider i18n={i18n}>
      <StyleProvider {...(styleContainer ? { container: styleContainer } : {})}>
        <ConfigProvider theme={THEME} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
          <QueryClientProvider client={queryClient}>
            <TRPCProvider trpcClient={apiClient} queryClient={queryClient}>
              {children}
            </TRPCProvider>
          </QueryClientProvider>
        </ConfigProvider>
      </StyleProvider>
    </I18nextProvider>
  );
}
