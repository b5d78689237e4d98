import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/** What a bot of the contest is told by its flags. */
export interface BotTask {
  readonly apiRoot: string;
  readonly token: string;
  readonly databaseUrl: string;
  /** How many updates wait. */
  readonly updateCount: number;
  readonly mode: string;
}

/** A bot of the contest: begins when told, and calls back after each update that it has answered. */
export type StartBot = (task: BotTask, onAnswered: () => void) => Promise<{ stop(): Promise<unknown> }>;

/** The shell of a contesting bot's process: prints `ready`, starts at the first line of input, prints `done` after the last answer, ends. */
export async function runBotProcess(start: StartBot): Promise<void> {
  const text = { type: 'string', default: '' } as const;
  const options = { 'api-root': text, token: text, 'database-url': text, 'update-count': text, mode: text };
  const { values } = parseArgs({ options });
  const task: BotTask = {
    apiRoot: values['api-root'],
    token: values.token,
    databaseUrl: values['database-url'],
    updateCount: Number(values['update-count']),
    mode: values.mode,
  };
  const input = createInterface({ input: process.stdin });
  process.stdout.write('ready\n');
  await once(input, 'line');
  const { promise, resolve } = Promise.withResolvers<void>();
  let answeredCount = 0;
  const bot = await start(task, () => {
    answeredCount += 1;
    if (answeredCount === task.updateCount) resolve();
  });
  await promise;
  process.stdout.write('done\n');
  await bot.stop();
  input.close();
  process.stdin.destroy();
}
