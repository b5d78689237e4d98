import type { Alert, AlertDelivery } from '#db/schema/index.ts';

/** Where an alert is told. */
export type AlertChannel = AlertDelivery['channel'];
export const ALERT_CHANNELS = ['telegram', 'webhook'] as const satisfies readonly AlertChannel[];

/** An alert as a channel tells it. */
export interface OutgoingAlert extends Pick<Alert, 'id' | 'kind' | 'downAlertId' | 'checks' | 'text'> {
  /** When the first of its outages began. */
  readonly startedAt: Date;
  /** Of a recovery: when the last of them was over. */
  readonly recoveredAt: Date | null;
}

/** What came of telling it once. */
export type SendOutcome =
  | { readonly isDelivered: true }
  | {
      readonly isDelivered: false;
      /** Short, for the record: no hosts, no texts. */
      readonly code: string;
      /** The other side answered and did not want it, so that it is asked less often. */
      readonly isRefused: boolean;
      /** What the other side asked to wait; null when it named nothing. */
      readonly retryAfterMs: number | null;
    };

/** Tells an alert once, within a bound of its own; never rejects. */
export type SendAlert = (alert: OutgoingAlert, signal: AbortSignal) => Promise<SendOutcome>;

/** The channels that are configured. */
export type AlertSenders = Readonly<Partial<Record<AlertChannel, SendAlert>>>;

/** Checks that fail within this time of each other are told together. */
export const GATHER_MS = 10_000;
