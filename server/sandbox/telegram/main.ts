import { readWholeNumber, runStandInProcess } from '../stand-in-process.ts';
import { startTelegramStandIn } from './create-stand-in.ts';

await runStandInProcess({
  options: { port: '0', token: null, latency: '0', journal: null, state: null },
  start: async (flags) => {
    const { apiRoot, controlUrl, close } = await startTelegramStandIn({
      port: readWholeNumber(flags, 'port', { min: 0, max: 65_535 }),
      token: flags['token'] ?? '',
      latencyMs: readWholeNumber(flags, 'latency', { min: 0, max: 60_000 }),
      ...(flags['journal'] === undefined ? {} : { journalFile: flags['journal'] }),
      ...(flags['state'] === undefined ? {} : { stateFile: flags['state'] }),
    });
    return { ready: { apiRoot, controlUrl }, close };
  },
});
