import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { describeError } from '#server/errors.ts';

const Question = z.object({ id: z.int(), name: z.string(), input: z.unknown() });
const Answer = z.object({ id: z.int(), output: z.unknown(), error: z.string().nullable() });

/** In a child process: answers its parent's questions, each by the handler of its name, until the parent hangs up. */
export function answerQuestions(handlers: Readonly<Record<string, (input: unknown) => Promise<unknown>>>, close: () => Promise<void>): void {
  process.once('disconnect', () => void close());
  process.on('message', (message) => {
    const { id, name, input } = Question.parse(message);
    const reply = (output: unknown, error: string | null) => void process.send?.({ id, output, error });
    const handler = handlers[name] ?? (() => Promise.reject(new Error(`nobody answers to ${name}`)));
    handler(input).then(
      (output) => reply(output ?? null, null),
      (error: unknown) => reply(null, describeError(error)),
    );
  });
}

/** A child process that answers questions. */
export interface Respondent {
  ask(name: string, input?: unknown): Promise<unknown>;
  /** Ends it; idempotent. */
  stop(): Promise<void>;
}

/** Starts one. It ends by itself when we end. */
export function startRespondent(module: string, args: readonly string[]): Respondent {
  const child = fork(module, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve: (output: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  child.on('message', (message) => {
    const { id, output, error } = Answer.parse(message);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === null) asked?.resolve(output);
    else asked?.reject(new Error(error));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${module} ended with ${code}`));
  });
  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        child.send({ id: lastId, name, input: input ?? null });
      }),
    stop: () => stopChild(child),
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.disconnect();
  await once(child, 'exit');
}
