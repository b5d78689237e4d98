/** An outage, as an alert speaks of it. */
export interface ToldIncident {
  readonly check: string;
  readonly startedAt: Date;
  readonly recoveredAt: Date | null;
  readonly code: string;
  readonly detail: string | null;
}

export interface AlertTextOptions {
  /** What a check found, in words. */
  readonly describeFinding: (code: string, detail: string | null) => string;
  readonly timeZone: string;
  /** Where the owner sees more. */
  readonly healthUrl: string;
}

/** An alert that is told this much later says so. */
const LATE_MS = 120_000;
const SECOND_MS = 1_000;
const UNITS = [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]] as const;

/** What is told of checks that fail: which, since when, and what they found. Plain text. */
export function describeDown(incidents: readonly ToldIncident[], { describeFinding, timeZone, healthUrl }: AlertTextOptions): string {
  const lines = incidents.map(({ check, startedAt, code, detail }) => `${check}: ${describeFinding(code, detail)} Since ${describeInstant(startedAt, timeZone)}.`);
  return [`Down: ${namesOf(incidents)}`, ...lines, `See ${healthUrl}`].join('\n');
}

/** What is told when all of them work again: from when to when, and how long that was. */
export function describeRecovery(incidents: readonly ToldIncident[], { timeZone, healthUrl }: AlertTextOptions): string {
  const lines = incidents.map(({ check, startedAt, recoveredAt }) => {
    const endedAt = recoveredAt ?? startedAt;
    return `${check}: down for ${describeDuration(endedAt.getTime() - startedAt.getTime())}, from ${describeInstant(startedAt, timeZone)} to ${describeInstant(endedAt, timeZone)}.`;
  });
  return [`Recovered: ${namesOf(incidents)}`, ...lines, `See ${healthUrl}`].join('\n');
}

/** Adds that the alert could not be told when it was made, where that is long ago. */
export function withLateness(text: string, createdAt: Date, now: Date): string {
  const lateMs = now.getTime() - createdAt.getTime();
  return lateMs < LATE_MS ? text : `${text}\nTold ${describeDuration(lateMs)} late: it could not be delivered before.`;
}

/** The two largest units, such as `1 h 5 min`. */
export function describeDuration(ms: number): string {
  let seconds = Math.max(Math.round(ms / SECOND_MS), 0);
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(seconds / length);
    seconds -= count * length;
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count} ${unit}` : '');
    if (parts.length === 2) break;
  }
  return parts.filter(Boolean).join(' ') || '0 s';
}

/** Each check once, in the order of its first outage. */
export function checksOf(incidents: readonly ToldIncident[]): string[] {
  return [...new Set(incidents.map(({ check }) => check))];
}

function namesOf(incidents: readonly ToldIncident[]): string {
  return checksOf(incidents).join(', ');
}

function describeInstant(at: Date, timeZone: string): string {
  // Swedish writes instants as ISO does.
  return `${at.toLocaleString('sv-SE', { timeZone })} ${timeZone}`;
}
