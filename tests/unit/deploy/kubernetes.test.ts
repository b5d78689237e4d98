import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONFIG_KEYS, loadConfig } from '#server/config.ts';
import { hasRoute, readDockerfile, readDocument, STOPPED_AFTER_SECONDS } from '#tests/support/deploy/documents.ts';

const DIR = 'deploy/kubernetes';
const Labels = z.record(z.string(), z.string());
const Probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.string() }),
  periodSeconds: z.int(),
  timeoutSeconds: z.int(),
  failureThreshold: z.int(),
  successThreshold: z.int().optional(),
});
const Container = z.object({
  image: z.string(),
  command: z.array(z.string()),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  envFrom: z.array(z.strictObject({ secretRef: z.strictObject({ name: z.string() }) })),
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  lifecycle: z.strictObject({ preStop: z.strictObject({ sleep: z.strictObject({ seconds: z.int() }) }) }),
  resources: z.object({ requests: Labels, limits: Labels }),
  securityContext: z.object({ allowPrivilegeEscalation: z.boolean(), readOnlyRootFilesystem: z.boolean(), capabilities: z.object({ drop: z.array(z.string()) }) }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
});
const Deployment = z.object({
  spec: z.object({
    replicas: z.int(),
    strategy: z.strictObject({ type: z.string() }),
    selector: z.strictObject({ matchLabels: Labels }),
    template: z.object({
      metadata: z.object({ labels: Labels }),
      spec: z.object({
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.object({ runAsNonRoot: z.boolean(), runAsUser: z.int(), seccompProfile: z.object({ type: z.string() }) }),
        containers: z.tuple([Container]),
        volumes: z.array(z.object({ name: z.string(), emptyDir: z.object({ sizeLimit: z.string() }) })),
      }),
    }),
  }),
});
const Service = z.object({ metadata: z.object({ name: z.string(), labels: Labels }), spec: z.object({ selector: Labels, ports: z.array(z.object({ name: z.string(), targetPort: z.string() })) }) });
const Monitor = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: Labels }),
    endpoints: z.tuple([z.object({ port: z.string(), path: z.string(), authorization: z.object({ credentials: z.object({ name: z.string(), key: z.string() }) }) })]),
  }),
});
const Secret = z.object({ metadata: z.object({ name: z.string() }), stringData: Labels });

const deployment = Deployment.parse(readDocument(`${DIR}/deployment.yaml`)).spec;
const pod = deployment.template.spec;
const [container] = pod.containers;
const service = Service.parse(readDocument(`${DIR}/service.yaml`));
const monitor = Monitor.parse(readDocument(`${DIR}/service-monitor.yaml`)).spec;
const secret = Secret.parse(readDocument(`${DIR}/secret.example.yaml`));
const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
const portOf = (name: string) => container.ports.find((port) => port.name === name)?.containerPort;

describe('the manifests for Kubernetes', () => {
  it('name kinds that Kubernetes knows, each once', () => {
    const Kind = z.object({ apiVersion: z.string(), kind: z.string() });
    const kinds = readdirSync(DIR).map((name) => Kind.parse(readDocument(`${DIR}/${name}`))).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    expect(kinds.toSorted()).toEqual([
      'apps/v1 Deployment', 'kustomize.config.k8s.io/v1beta1 Kustomization', 'monitoring.coreos.com/v1 ServiceMonitor', 'policy/v1 PodDisruptionBudget', 'v1 Secret', 'v1 Service',
    ]);
    const { resources } = z.object({ resources: z.array(z.string()) }).parse(readDocument(`${DIR}/kustomization.yaml`));
    expect(resources.filter((name) => !existsSync(`${DIR}/${name}`))).toEqual([]);
  });

  it('configure by variables that exist, with values that a start accepts', () => {
    const given = { ...env, ...secret.stringData };
    expect(Object.keys(given).filter((name) => !CONFIG_KEYS.some((key) => key === name))).toEqual([]);
    expect(loadConfig(given).services).toMatchObject({ kind: 'real' });
    expect(Object.keys(secret.stringData)).toContain('DATABASE_URL');
    expect(container.envFrom).toEqual([{ secretRef: { name: secret.metadata.name } }]);
  });

  it('probe paths that exist, on the listener that is there for it', () => {
    expect([container.startupProbe, container.livenessProbe].map(({ httpGet }) => httpGet.path)).toEqual(['/health/live', '/health/live']);
    expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect(hasRoute(httpGet.path)).toBe(true);
      expect(portOf(httpGet.port)).toBe(Number(env['MANAGEMENT_PORT']));
    }
    expect(portOf('http')).toBe(Number(env['PORT']));
  });

  it('turn traffic within three seconds both ways, and restart only what will not turn again', () => {
    const { readinessProbe: ready, livenessProbe: live, startupProbe: startup } = container;
    expect(ready.periodSeconds * ready.failureThreshold + ready.timeoutSeconds).toBeLessThanOrEqual(3);
    expect(ready.successThreshold).toBe(1);
    expect(live.periodSeconds * live.failureThreshold).toBeGreaterThanOrEqual(30);
    expect(live.periodSeconds * live.failureThreshold).toBeGreaterThan(ready.periodSeconds * ready.failureThreshold);
    expect(startup.periodSeconds * startup.failureThreshold).toBeGreaterThanOrEqual(60);
  });

  it('leave time for a stop in order, after the sleep before it', () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(container.lifecycle.preStop.sleep.seconds + STOPPED_AFTER_SECONDS);
  });

  it('run one replica, and never two at once, as long as updates are fetched by polling', () => {
    expect(secret.stringData).not.toHaveProperty('TELEGRAM_WEBHOOK_SECRET');
    expect([deployment.replicas, deployment.strategy.type]).toEqual([1, 'Recreate']);
  });

  it('start what the container starts, as somebody who may nothing, writing only where a volume is', () => {
    const dockerfile = readDockerfile('deploy/container/Dockerfile');
    expect(JSON.stringify(container.command)).toBe(dockerfile.find(({ word }) => word === 'CMD')?.rest.replaceAll(', ', ','));
    expect(dockerfile.find(({ word }) => word === 'USER')?.rest).toBe(`${pod.securityContext.runAsUser}:${pod.securityContext.runAsUser}`);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(pod.volumes.map(({ name }) => name));
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([env['DATA_DIR'], '/tmp']);
    expect(container.resources).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) }, limits: { memory: expect.any(String) } });
  });

  it('find one another by the same labels and ports', () => {
    expect(deployment.template.metadata.labels).toMatchObject(deployment.selector.matchLabels);
    expect(deployment.selector.matchLabels).toEqual(service.spec.selector);
    expect(service.spec.ports.map(({ targetPort }) => portOf(targetPort))).toEqual([3000, 3001]);
    const budget = z.object({ spec: z.object({ maxUnavailable: z.literal(1), selector: z.object({ matchLabels: Labels }) }) }).parse(readDocument(`${DIR}/poddisruptionbudget.yaml`));
    expect(budget.spec.selector.matchLabels).toEqual(service.spec.selector);
  });

  it('let Prometheus scrape the second listener, with the token of the secret, as the job that the rules ask for', () => {
    const [endpoint] = monitor.endpoints;
    expect(monitor.selector.matchLabels).toEqual(service.metadata.labels);
    expect(service.metadata.name).toBe('adtrobot');
    expect(service.spec.ports.find(({ name }) => name === endpoint.port)?.targetPort).toBe('management');
    expect(hasRoute(endpoint.path)).toBe(true);
    expect(endpoint.authorization.credentials.name).toBe(secret.metadata.name);
    expect(secret.stringData).toHaveProperty(endpoint.authorization.credentials.key);
  });
});
