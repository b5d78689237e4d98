import { parentPort, workerData } from 'node:worker_threads';
import { describeError, invariant } from '#server/errors.ts';
import { createBearerCheck } from '#server/lib/bearer-check.ts';
import { createRenderer } from '#server/metrics/render.ts';
import { createManagementServer } from './create-management-server.ts';
import { ThreadBrief, ToThread, type FromThread } from './messages.ts';
import { createPulseWatch } from './pulse-watch.ts';
import { SharedState } from './shared-state.ts';
import { createTextSource } from './text-source.ts';

/*
 * The thread of the second listener: a loop of its own, which turns while the main one does not.
 */
const LOOK_INTERVAL_MS = 250;
const RENDER_WAIT_MS = 500;

invariant(parentPort, 'this is the entry of a thread');
const main = parentPort;
const brief = ThreadBrief.parse(workerData);
const tell = (message: FromThread) => main.postMessage(message);

const state = new SharedState(brief.state);
const lookAtPulse = createPulseWatch(() => state.read().pulse);
setInterval(lookAtPulse, LOOK_INTERVAL_MS);
const texts = createTextSource(() => tell({ type: 'render' }), RENDER_WAIT_MS);
main.on('message', (raw: unknown) => texts.receive(ToThread.parse(raw).text));

const server = createManagementServer({
  observe: () => ({ ...state.read(), stuckMs: lookAtPulse() }),
  isMetricsRequestAllowed: createBearerCheck(brief.token),
  renderMetrics: createRenderer(() => texts.next()),
});
server.once('error', (error) => tell({ type: 'failed', message: describeError(error) }));
server.listen(brief.port, brief.host, () => {
  const address = server.address();
  tell({ type: 'listening', port: typeof address === 'object' && address ? address.port : brief.port });
  // So that there is something to show should the main loop never answer again.
  void texts.next().catch(() => undefined);
});
