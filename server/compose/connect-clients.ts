import { createLlmClient } from '#server/ai/create-llm-client.ts';
import type { LlmClient } from '#server/ai/types.ts';
import type { SandboxChat } from '#server/contracts/chat.ts';
import { createSandboxChat } from '#server/sandbox/chat-client.ts';
import { startSandbox, type Sandbox } from '#server/sandbox/supervisor.ts';
import type { Config } from '../config.ts';
import type { Lifecycle } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/logger.ts';
import type { Print } from './print.ts';

/** The two services that this program talks to; null: not configured, which is `disabled`. */
export interface Clients {
  readonly llm: LlmClient | null;
  readonly telegram: { readonly token: string; readonly apiRoot: string } | null;
  /** Null outside the sandbox. */
  readonly sandbox: { readonly processes: Sandbox; readonly chat: SandboxChat } | null;
}

interface ClientDeps {
  readonly config: Config;
  /** The folder of this program's own scripts, the sandbox's processes among them. */
  readonly scriptsDir: string;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly print: Print;
}

/** Connects to the real services, or starts the stand-ins and connects to those: the clients are the same. */
export async function connectClients({ config, scriptsDir, logger, lifecycle, print }: ClientDeps): Promise<Clients> {
  const { values, services } = config;
  if (services.kind === 'real') return { llm: connectLlm(config, null), telegram: services.telegram, sandbox: null };
  print('Starting the sandbox: stand-ins for Telegram and OpenRouter…');
  const processes = await startSandbox({
    scriptsDir,
    dataDir: values.DATA_DIR,
    seed: values.SANDBOX_SEED,
    userCount: values.SANDBOX_USERS,
    latencyScale: 1,
    logger,
  });
  lifecycle.add('sandbox', () => processes.stop());
  return {
    llm: connectLlm(config, processes),
    telegram: { token: processes.telegramToken, apiRoot: processes.telegramApiRoot },
    sandbox: { processes, chat: createSandboxChat({ controlUrl: processes.telegramControlUrl }) },
  };
}

/** The client of OpenRouter, or of what stands in for it; null where no key is configured. */
export function connectLlm(
  { values, services }: Config,
  standIn: Pick<Sandbox, 'openRouterBaseUrl' | 'openRouterApiKey' | 'openRouterManagementKey'> | null,
): LlmClient | null {
  const appUrl = values.PUBLIC_URL ? { appUrl: values.PUBLIC_URL } : {};
  if (standIn) {
    return createLlmClient({ baseUrl: standIn.openRouterBaseUrl, apiKey: standIn.openRouterApiKey, managementKey: standIn.openRouterManagementKey, ...appUrl });
  }
  const openRouter = services.kind === 'real' ? services.openRouter : null;
  return openRouter && createLlmClient({ ...openRouter, managementKey: values.OPENROUTER_MANAGEMENT_KEY, ...appUrl });
}
