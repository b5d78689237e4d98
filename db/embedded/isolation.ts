import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AppError } from '#server/errors.ts';

/** How Postgres programs are run on this machine: as whom, and tied to our life where the system can. */
export interface Isolation {
  /** Says it in a log line: `plain`, `user namespace` or `system user`. */
  readonly kind: 'plain' | 'user namespace' | 'system user';
  /** The command that runs `program`; the process keeps its pid through all wrappers. */
  command(program: string, args: readonly string[]): readonly [string, ...string[]];
  /** Who must own the files of the cluster, when that is not us. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. As root we run it in a user namespace, where the same files belong to an ordinary
 * user; where namespaces are forbidden, as a system user that may pass directories only root can enter.
 * `setpriv` makes the kernel send SIGINT (a clean, fast stop) when we die, however we die. It must come last: a change
 * of credentials forgets that request.
 */
export function chooseIsolation(): Isolation {
  const tether = canRun('setpriv', ['--pdeathsig', 'INT', 'true']) ? ['setpriv', '--pdeathsig', 'INT'] : [];
  if (process.getuid?.() !== 0) return isolation('plain', tether);
  const accounts = readAccounts();
  const mapped = accounts.find((account) => account.uid !== 0);
  if (mapped !== undefined) {
    const enter = ['unshare', '--user', `--map-user=${mapped.uid}`, `--map-group=${mapped.gid}`];
    if (canRun(enter[0] ?? '', [...enter.slice(1), 'true'])) return isolation('user namespace', [...enter, ...tether]);
  }
  return asSystemUser(accounts);
}

function asSystemUser(accounts: readonly Account[]): Isolation {
  const account = accounts.find(({ name }) => name === 'postgres') ?? accounts.find(({ name }) => name === 'nobody');
  const command = ['setpriv', `--reuid=${account?.uid}`, `--regid=${account?.gid}`, '--clear-groups'];
  // The data directory or node_modules may lie below a directory that only root may enter.
  const pass = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const tethered = [...command, ...pass, '--pdeathsig', 'INT'];
  if (account === undefined || !canRun('setpriv', [...tethered.slice(1), 'true'])) {
    throw new AppError(
      'unavailable',
      'Postgres does not run as root, and this machine allows neither user namespaces (unshare) nor another user (setpriv). ' +
        'Start AdtroBot as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    );
  }
  return { ...isolation('system user', tethered), owner: { uid: account.uid, gid: account.gid } };
}

function isolation(kind: Isolation['kind'], prefix: readonly string[]): Isolation {
  return {
    kind,
    command: (program, args) => {
      const [first, ...rest] = [...prefix, program, ...args];
      return [first ?? program, ...rest];
    },
  };
}

function canRun(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 3_000 }).status === 0;
}

function readAccounts(): readonly Account[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name !== undefined && uid !== undefined && gid !== undefined ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
