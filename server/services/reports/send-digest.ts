import { startOfDay } from '#server/lib/local-clock.ts';
import { localDate } from '#server/lib/time-buckets.ts';
import { describeDay } from './digest-text.ts';
import { getEconomics } from './get-economics.ts';
import { getOverview } from './get-overview.ts';
import type { ReportDeps } from './report-kit.ts';

export interface DigestDeps extends ReportDeps {
  /** Writes to the owner's chat, and rejects when that may not have worked; null where there is none. */
  readonly sendToOwner: ((text: string) => Promise<void>) | null;
  /** Where the owner sees the overview. */
  readonly overviewUrl: string;
}

/** Tells the owner of the last whole day of the reporting time zone, by the reports that the pages show. Does nothing without a chat. */
export async function sendDigest({ sendToOwner, overviewUrl, ...deps }: DigestDeps): Promise<void> {
  if (!sendToOwner) return;
  const { clock, reportingTimeZone } = deps;
  const today = startOfDay(localDate(clock.now(), reportingTimeZone), reportingTimeZone);
  const day = localDate(new Date(today.getTime() - 1), reportingTimeZone);
  const input = { from: day, to: day, bucket: 'day', compare: 'previous' } as const;
  const [overview, economics] = [await getOverview(deps, input), await getEconomics(deps, input)];
  await sendToOwner(describeDay(day, overview, economics, overviewUrl));
}
