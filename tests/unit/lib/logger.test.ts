import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Logs in a process of its own and reads what stands on its standard output, line by line. */
function linesOf(level: string, script: string): readonly string[] {
  const source = `import { createLogger } from '#server/lib/logger.ts';\nconst logger = createLogger(${JSON.stringify(level)});\n${script}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', source], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').slice(0, -1);
}

const parse = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? 'null') as Record<string, unknown>;

describe('a log line', () => {
  it('is one line of JSON with an instant, whatever stands in it', () => {
    const hostile = 'line\r\n{"level":60,"msg":"forged"}\u2028\u2029\u001b[31m\u0000end';
    const lines = linesOf('info', `logger.info({ path: ${JSON.stringify(hostile)} }, ${JSON.stringify(hostile)});`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\u0000-\u001f]/);
    expect(parse(lines[0])).toMatchObject({ level: 30, msg: hostile, path: hostile, time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/) });
  });

  it('names neither the host nor the process', () => {
    const [line] = linesOf('info', "logger.info('ready');");
    expect(Object.keys(parse(line)).sort()).toEqual(['level', 'msg', 'time']);
  });

  it('hides the values of secret keys, at the top and one level down', () => {
    const secrets = ['token', 'apiKey', 'password', 'authorization', 'cookie', 'secret', 'text', 'question'];
    const fields = Object.fromEntries(secrets.map((key) => [key, `canary-${key}`]));
    const [flat, nested] = linesOf('info', `logger.info(${JSON.stringify(fields)}); logger.info({ request: ${JSON.stringify({ ...fields, path: '/login' })} });`);
    for (const line of [flat, nested]) {
      expect(line).not.toContain('canary');
      expect(line?.split('[redacted]')).toHaveLength(secrets.length + 1);
    }
    expect(nested).toContain('/login');
  });

  it.each([
    ['silent', []],
    ['error', [50]],
    ['warn', [40, 50]],
    ['info', [30, 40, 50]],
  ])('is written at %s only from that level on', (level, levels) => {
    const lines = linesOf(level, "logger.debug('a'); logger.info('b'); logger.warn('c'); logger.error('d');");
    expect(lines.map((line) => parse(line)['level'])).toEqual(levels);
  });
});
