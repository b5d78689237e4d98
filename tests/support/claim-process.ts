import { claimDataDir } from '#db/embedded/claim.ts';

/** A process of its own that claims a data directory at a given time, says so, and keeps it until it is ended. */
const [dataDir = '', goAt = '0'] = process.argv.slice(2);
while (Date.now() < Number(goAt));
await claimDataDir(dataDir, `${dataDir}/run`);
console.log('claimed');
process.stdin.resume();
