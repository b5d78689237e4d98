import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JournalEntry } from '#server/sandbox/telegram/control-schemas.ts';
import type { Contest, Contestant } from '../contest.ts';
import { BENCH_TOKEN, type BenchTelegram } from './telegram.ts';

const UPDATE_COUNT = 2_000;
const BOT_TIMEOUT_MS = 60_000;

interface InboxContestInput {
  readonly telegram: BenchTelegram;
  /** A migrated database that commits durably. */
  readonly databaseUrl: string;
  /** Where the built processes lie. */
  readonly buildDir: string;
  readonly roundCount: number;
}

/** Updates per second: stored, worked on in the order of their chat and recorded, against grammY that only replies. */
export function createInboxContest({ telegram, databaseUrl, buildDir, roundCount }: InboxContestInput): Contest {
  const contestant = (name: string, script: string, mode: string): Contestant => ({
    name,
    measure: async () => {
      await telegram.load(UPDATE_COUNT);
      await telegram.takeJournal();
      const flags = { 'api-root': telegram.apiRoot, token: BENCH_TOKEN, 'database-url': databaseUrl, 'update-count': String(UPDATE_COUNT), mode };
      await runBot(join(buildDir, script), flags);
      return updatesPerSecond(name, await telegram.takeJournal());
    },
  });
  return {
    name: 'Updates through the inbox',
    conditions: `${UPDATE_COUNT} waiting /help of 200 chats, same replies, one process each; ours: embedded Postgres, every commit durable (fsync)`,
    unit: 'updates/s',
    isHigherBetter: true,
    roundCount,
    warmUpCount: 1,
    contestants: [
      contestant('inbox, worker, features', 'our-bot.js', 'ours'),
      contestant('grammY, reply by reply', 'peer-bot.js', 'in-turn'),
      contestant('grammY, waiting for nothing', 'peer-bot.js', 'at-once'),
    ],
  };
}

/** Starts a bot, tells it to begin, and waits for its orderly end. */
async function runBot(script: string, flags: Readonly<Record<string, string>>): Promise<void> {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const bot: ChildProcess = spawn(process.execPath, ['--enable-source-maps', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = bot;
  if (!stdin || !stdout) throw new Error('a bot has no pipes');
  const exited = once(bot, 'exit');
  // An update that is never answered must not hold the benchmarks for ever.
  const deadline = setTimeout(() => bot.kill('SIGKILL'), BOT_TIMEOUT_MS);
  const output = createInterface({ input: stdout });
  output.on('line', (line) => (line === 'ready' ? stdin.write('go\n') : undefined));
  const [code] = await exited;
  clearTimeout(deadline);
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}`);
}

/** From the bot's first call (who am I) to its last reply, by the stand-in's own clock. Throws when an update was not answered just once. */
function updatesPerSecond(name: string, journal: readonly JournalEntry[]): number {
  const replies = journal.filter(({ method, ok }) => method === 'sendMessage' && ok);
  if (replies.length !== UPDATE_COUNT) throw new Error(`${name} sent ${replies.length} replies to ${UPDATE_COUNT} updates`);
  const [first, last] = [journal[0], replies.at(-1)];
  if (!first || !last) throw new Error(`${name} called nothing`);
  return (UPDATE_COUNT * 1_000) / (Date.parse(last.at) - Date.parse(first.at));
}
