import { createControlClient } from '#server/sandbox/telegram/control-client.ts';
import { JournalPage, type JournalEntry } from '#server/sandbox/telegram/control-schemas.ts';
import { spawnStandIn } from '#tests/support/processes.ts';

export const BENCH_TOKEN = '7123456789:bench-secret';
const CHAT_COUNT = 200;
const FIRST_CHAT_ID = 7_100_000_000;
/** Messages sent at the same time; loading is not measured. */
const SENDERS = 16;

/** The stand-in for Telegram in a process of its own, without any delay, and what the contest asks of it. */
export interface BenchTelegram {
  readonly apiRoot: string;
  /** Has 200 people write `/help`, in turns. */
  load(updateCount: number): Promise<void>;
  /** What was called since the last look. */
  takeJournal(): Promise<readonly JournalEntry[]>;
  stop(): Promise<unknown>;
}

/** Starts the stand-in. */
export async function startBenchTelegram(): Promise<BenchTelegram> {
  const { ready, stop } = await spawnStandIn('telegram', ['--port', '0', '--token', BENCH_TOKEN, '--latency', '0']);
  const { apiRoot = '', controlUrl = '' } = ready;
  const control = createControlClient({ controlUrl });
  let seen = 0;
  return {
    apiRoot,
    load: async (updateCount) => {
      let next = 0;
      const sender = async (): Promise<void> => {
        while (next < updateCount) {
          const id = FIRST_CHAT_ID + (next++ % CHAT_COUNT);
          await control.sendMessage({ chatId: id, from: { id, firstName: 'Ben', languageCode: 'en' }, text: '/help' });
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, sender));
    },
    takeJournal: async () => {
      const response = await fetch(`${controlUrl}/journal?after=${seen}`);
      const { entries } = JournalPage.parse(await response.json());
      seen = entries.at(-1)?.sequence ?? seen;
      return entries;
    },
    stop,
  };
}
