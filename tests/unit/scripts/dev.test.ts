import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { scopeOf } from '../../../scripts/dev/rebuild.ts';
import { watchSources } from '../../../scripts/dev/watch.ts';

test('the half of the browser is built only when one of its sources changed', () => {
  expect(scopeOf(['server/bot/worker.ts', 'db/client.ts'])).toEqual({ hasClient: false });
  expect(scopeOf(['server/bot/worker.ts', 'app/root.tsx'])).toEqual({ hasClient: true });
  expect(scopeOf(['server/contracts/overview.ts'])).toEqual({ hasClient: true });
});

test('changes that come together are told together, generated files not at all', async () => {
  const root = mkdtempSync(join(tmpdir(), 'adtrobot-watch-'));
  mkdirSync(join(root, 'app', 'deep'), { recursive: true });
  const reports: (readonly string[])[] = [];
  const stop = watchSources(root, ['app', 'absent'], async (paths) => void reports.push(paths));
  writeFileSync(join(root, 'app', 'made.gen.css'), '1');
  writeFileSync(join(root, 'app', 'deep', 'a.ts'), '1');
  writeFileSync(join(root, 'app', 'b.ts'), '1');
  await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
  expect([...(reports[0] ?? [])].sort()).toEqual(['app/b.ts', 'app/deep/a.ts']);
  stop();
  rmSync(root, { recursive: true, force: true });
});
