import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { build } from 'vite';

/*
 * `npm run bench`: builds the benchmarks as the server is built (texts imported as such, drizzle bundled), then runs them
 * in a process of their own. They print a table and write `build/bench-report.json`; they judge nothing.
 */
const OUT_DIR = 'build/bench';

await build({
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: ['drizzle-orm'] },
  build: {
    ssr: true,
    target: 'node24',
    sourcemap: true,
    outDir: OUT_DIR,
    rollupOptions: {
      input: {
        main: 'tests/bench/main.ts',
        'http-metrics-app': 'tests/bench/http-metrics/app.ts',
        'our-bot': 'tests/bench/inbox/our-bot.ts',
        'peer-bot': 'tests/bench/inbox/peer-bot.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
const bench = spawn(process.execPath, ['--enable-source-maps', resolve(OUT_DIR, 'main.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
const [code] = await once(bench, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
