import type { OutgoingAlert, SendAlert, SendOutcome } from './types.ts';

const TIMEOUT_MS = 10_000;
/** Longest wait that an answer may ask for. */
const RETRY_AFTER_SECONDS_MAX = 3_600;

/** Makes the sender to a webhook: one POST, any 2xx is delivered, no redirect is followed. The address may hold a secret and is never told. */
export function createWebhookSender(url: string): SendAlert {
  const target = new URL(url);
  const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
  const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'AdtroBot' });
  if (credentials !== ':') headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  // The platform's client refuses addresses with credentials.
  [target.username, target.password] = ['', ''];
  return async (alert, signal) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(target, {
        method: 'POST',
        redirect: 'manual',
        headers: new Headers([...headers, ['idempotency-key', alert.id]]),
        body: JSON.stringify(bodyOf(alert)),
        signal: AbortSignal.any([signal, timeout]),
      });
      await response.body?.cancel();
      return interpret(response);
    } catch {
      return { isDelivered: false, code: timeout.aborted ? 'timed_out' : signal.aborted ? 'stopped' : 'not_reached', isRefused: false, retryAfterMs: null };
    }
  };
}

function bodyOf({ id, kind, downAlertId, checks, text, startedAt, recoveredAt }: OutgoingAlert) {
  return { id, kind, downAlertId, checks, text, startedAt: startedAt.toISOString(), recoveredAt: recoveredAt?.toISOString() ?? null };
}

function interpret({ ok, status, headers }: Response): SendOutcome {
  if (ok) return { isDelivered: true };
  const seconds = Number(headers.get('retry-after') ?? 0);
  const retryAfterMs = seconds > 0 ? Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1_000 : null;
  return { isDelivered: false, code: `http_${status}`, isRefused: status < 500 && status !== 429, retryAfterMs };
}
