import packageJson from '../../package.json' with { type: 'json' };

/** What `npm run ledger:import` gives to Node: flags and the script, without npm. */
export const IMPORT_COMMAND: readonly string[] = /\/node (--.*\.ts)$/.exec(packageJson.scripts['ledger:import'])?.[1]?.split(' ') ?? [];
