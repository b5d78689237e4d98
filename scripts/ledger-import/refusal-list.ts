import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Refusal } from '#server/services/imports/types.ts';

const SHOWN_MAX = 50;
const PRIVATE_MODE = 0o600;

/** Lists refused lines: the first on the screen, all in a file, which is there only if there are any. */
export function createRefusalList(path: string, print: (line: string) => void) {
  let count = 0;
  let file: number | undefined;
  // What an earlier import refused is no news.
  rmSync(path, { force: true });

  function add({ lineNumber, reason, excerpt }: Refusal): void {
    count += 1;
    if (count <= SHOWN_MAX) print(`line ${lineNumber.toLocaleString('en')}: ${reason}`);
    if (count === SHOWN_MAX + 1) print(`More lines are refused; all of them are listed in ${path}`);
    file ??= open(path);
    writeSync(file, `${lineNumber},${quote(reason)},${quote(excerpt)}\n`);
  }

  function close(): void {
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  return { add, close };
}

function open(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'w', PRIVATE_MODE);
  writeSync(file, 'line,reason,text\n');
  return file;
}

/** A field that no program takes for a formula, nor for the end of the text. */
function quote(text: string): string {
  const plain = text.replaceAll('\0', '\uFFFD');
  return `"${/^[=+\-@\t\r]/.test(plain) ? "'" : ''}${plain.replaceAll('"', '""')}"`;
}
