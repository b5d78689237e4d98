import { readNumber, readWholeNumber, runStandInProcess } from '../stand-in-process.ts';
import { startOpenRouterStandIn } from './create-stand-in.ts';

const PORT_MAX = 65_535;
const SEED_MAX = Number.MAX_SAFE_INTEGER;
const LATENCY_SCALE_MAX = 100;

/** Throws on what is no amount, as the other flags do. */
function readUsd(flag: string | undefined): string | null {
  if (flag === undefined) return null;
  if (!/^\d+(\.\d+)?$/.test(flag)) throw new Error(`--key-limit-usd must be an amount of dollars, not ${flag}`);
  return flag;
}

await runStandInProcess({
  options: { port: '0', seed: '1', 'latency-scale': '1', journal: null, 'key-limit-usd': null },
  async start(flags) {
    const standIn = await startOpenRouterStandIn({
      port: readWholeNumber(flags, 'port', { min: 0, max: PORT_MAX }),
      seed: readWholeNumber(flags, 'seed', { min: 0, max: SEED_MAX }),
      latencyScale: readNumber(flags, 'latency-scale', { min: 0, max: LATENCY_SCALE_MAX }),
      journalFile: flags['journal'],
      keyLimitUsd: readUsd(flags['key-limit-usd']),
    });
    return { ready: { url: standIn.url, controlUrl: standIn.controlUrl }, close: () => standIn.close() };
  },
});
