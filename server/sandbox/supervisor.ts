import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '#server/lib/logger.ts';
import { startSupervisedProcess, type SupervisedProcess } from './supervisor-process.ts';

/** How the sandbox is set up. */
export interface SandboxOptions {
  /** The folder with sandbox-openrouter.js, sandbox-telegram.js and sandbox-crowd.js. */
  readonly scriptsDir: string;
  /** Journals and memory of the stand-ins go to `<dataDir>/sandbox`. */
  readonly dataDir: string;
  readonly seed: number;
  /** People in the crowd; 0 for none. */
  readonly userCount: number;
  /** 1: answers take as long as real ones; 0: none. */
  readonly latencyScale: number;
  readonly logger: Logger;
}

/** The past that was laid down: the days before an instant. */
export interface CrowdPast {
  readonly days: number;
  readonly until: Date;
}

/** The running sandbox: where the real clients are pointed to. */
export interface Sandbox {
  readonly openRouterBaseUrl: string;
  readonly openRouterApiKey: string;
  readonly openRouterManagementKey: string;
  readonly openRouterControlUrl: string;
  readonly telegramApiRoot: string;
  readonly telegramToken: string;
  readonly telegramControlUrl: string;
  /**
   * Lets the crowd in, those who were there in the past as people who know the bot; to be called when the bot listens. May
   * be called again. A crowd of nobody is no process.
   */
  startCrowd(past?: CrowdPast): Promise<void>;
  /** Ends all processes within seconds. May be called again. */
  stop(): Promise<void>;
}

const TELEGRAM_BOT_ID = 7_123_456_789;
/** What a call to the real Bot API takes from a European data centre. */
const TELEGRAM_LATENCY_MS = 60;

const LoopbackUrl = z.url({ protocol: /^http$/u, hostname: /^127\.0\.0\.1$/u });
const OpenRouterReady = z.object({ url: LoopbackUrl, controlUrl: LoopbackUrl });
const TelegramReady = z.object({ apiRoot: LoopbackUrl, controlUrl: LoopbackUrl });
const CrowdReady = z.object({});

/**
 * Starts the stand-ins, each a process of its own that ends with us, and restarts the one that crashes on the same port.
 * Rejects, with nothing left running, when one of them cannot start.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  await mkdir(join(options.dataDir, 'sandbox'), { recursive: true });
  // The same at each start: what the stand-in billed to a key is remembered in its journal.
  const keyOf = (name: string) => createHash('sha256').update(name).digest('hex');
  const openRouterApiKey = `sk-or-v1-${keyOf(`sandbox/${options.seed}`)}`;
  const telegramToken = `${TELEGRAM_BOT_ID}:${randomBytes(24).toString('base64url')}`;
  const started = await Promise.allSettled([startOpenRouter(options), startTelegram(options, telegramToken)] as const);
  const [openRouter, telegram] = started;
  if (openRouter.status === 'rejected' || telegram.status === 'rejected') {
    await Promise.all(started.flatMap((result) => (result.status === 'fulfilled' ? [result.value.stop()] : [])));
    throw new AggregateError(
      started.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
      'the sandbox could not be started',
    );
  }

  const telegramControlUrl = telegram.value.ready.controlUrl;
  let crowd: Promise<SupervisedProcess<unknown>> | null = null;
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await crowd?.then(
      (running) => running.stop(),
      () => undefined,
    );
    await Promise.all([openRouter.value.stop(), telegram.value.stop()]);
  };
  return {
    openRouterBaseUrl: openRouter.value.ready.url,
    openRouterApiKey,
    openRouterManagementKey: `sk-or-v1-mgmt-${keyOf(`sandbox/management/${options.seed}`)}`,
    openRouterControlUrl: openRouter.value.ready.controlUrl,
    telegramApiRoot: telegram.value.ready.apiRoot,
    telegramToken,
    telegramControlUrl,
    startCrowd: async (past = { days: 0, until: new Date() }) => {
      if (stopping || options.userCount === 0) return;
      await (crowd ??= startCrowdProcess(options, telegramControlUrl, past));
    },
    stop: () => (stopping ??= stop()),
  };
}

function startOpenRouter(options: SandboxOptions): Promise<SupervisedProcess<z.infer<typeof OpenRouterReady>>> {
  return startSupervisedProcess({
    name: 'openrouter',
    scriptPath: join(options.scriptsDir, 'sandbox-openrouter.js'),
    buildArgs: (ready) => [
      ...['--port', portOf(ready?.url), '--seed', String(options.seed)],
      ...['--latency-scale', String(options.latencyScale), '--journal', join(options.dataDir, 'sandbox', 'openrouter.jsonl')],
    ],
    readySchema: OpenRouterReady,
    logger: options.logger,
  });
}

function startTelegram(options: SandboxOptions, token: string): Promise<SupervisedProcess<z.infer<typeof TelegramReady>>> {
  return startSupervisedProcess({
    name: 'telegram',
    scriptPath: join(options.scriptsDir, 'sandbox-telegram.js'),
    buildArgs: (ready) => [
      ...['--port', portOf(ready?.apiRoot), '--token', token, '--latency', String(Math.round(TELEGRAM_LATENCY_MS * options.latencyScale))],
      ...[
        '--journal',
        join(options.dataDir, 'sandbox', 'telegram.jsonl'),
        '--state',
        join(options.dataDir, 'sandbox', 'telegram-state.json'),
      ],
    ],
    readySchema: TelegramReady,
    logger: options.logger,
  });
}

function startCrowdProcess(options: SandboxOptions, controlUrl: string, past: CrowdPast): Promise<SupervisedProcess<unknown>> {
  return startSupervisedProcess({
    name: 'crowd',
    scriptPath: join(options.scriptsDir, 'sandbox-crowd.js'),
    buildArgs: () => [
      ...['--control-url', controlUrl, '--users', String(options.userCount), '--seed', String(options.seed)],
      ...['--past-days', String(past.days), '--past-until', past.until.toISOString()],
    ],
    readySchema: CrowdReady,
    logger: options.logger,
  });
}

/** The port of a URL as a flag; 0 (any) for none. */
function portOf(url: string | undefined): string {
  return url === undefined ? '0' : new URL(url).port;
}
