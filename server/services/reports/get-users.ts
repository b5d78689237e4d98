import { countPairs, countSignups, countUses, type PairCounts } from '#db/queries/rollups/users.ts';
import { SOURCES_MAX, type Users, type UsersFigures, type UsersInput } from '#server/contracts/users.ts';
import { planCover } from '../rollups/plan-cover.ts';
import { countActiveUsers } from './active-users.ts';
import { readCohorts } from './cohorts.ts';
import { isUnfinished } from './is-unfinished.ts';
import { readReport, type ReportDeps, type ReportScope } from './report-kit.ts';

/** Who used the bot in a range: active, new and returning users, where they came from, and whether they stayed. The input is validated by `UsersInput`. */
export function getUsers(deps: ReportDeps, input: UsersInput): Promise<Users> {
  return readReport(deps, input, readUsers);
}

async function readUsers(scope: ReportScope): Promise<UsersFigures> {
  const { executor, range, coverWhole } = scope;
  const [active, [total], buckets, interactionCount, signups, cohorts] = await Promise.all([
    countActiveUsers(scope),
    countPairs(executor, 'active', 'new', [pairOf(scope, range)]),
    countPairs(executor, 'active', 'new', bucketSpans(scope).map((span) => pairOf(scope, span))),
    countUses(executor, coverWhole('interactions')),
    countSignups(executor, coverWhole('ledger')),
    readCohorts(scope),
  ]);
  const { dau, wau, mau } = active;
  const counts = toCounts(total);
  return {
    windows: { dau, wau, mau, dauOfMau: ratioOf(dau, mau), wauOfMau: ratioOf(wau, mau) },
    total: { ...counts, interactionCount, interactionsPerActive: counts.activeCount === 0 ? null : interactionCount / counts.activeCount },
    overTime: range.starts.map((start, index) => ({
      startsAt: start.toISOString(),
      isUnfinished: isUnfinished(range.starts[index + 1], range),
      ...toCounts(buckets[index]),
    })),
    bySource: foldTail(signups),
    ...cohorts,
  };
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Users who are active and users who are new in some time; sign-ups are not thinned out as interactions are. */
function pairOf({ range: { timeZone }, state }: ReportScope, { from, to }: Span) {
  const zones = { timeZone, rollupTimeZone: state.timeZone };
  return { left: planCover({ from, to, ...zones, rawFrom: state.interactionsKeptFrom }), right: planCover({ from, to, ...zones }) };
}

function bucketSpans({ range: { starts, to } }: ReportScope): Span[] {
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? to }));
}

function toCounts(counts: PairCounts | undefined): Pick<UsersFigures['total'], 'activeCount' | 'newCount' | 'returningCount'> {
  const { left, right, both } = counts ?? { left: 0, right: 0, both: 0 };
  return { activeCount: left, newCount: right, returningCount: left - both };
}

function ratioOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function foldTail(signups: readonly { readonly source: string; readonly count: number }[]): UsersFigures['bySource'] {
  const named = signups.slice(0, SOURCES_MAX).map(({ source, count }) => ({ source, signupCount: count }));
  const tail = signups.slice(SOURCES_MAX);
  return tail.length === 0 ? named : [...named, { source: null, signupCount: tail.reduce((sum, { count }) => sum + count, 0) }];
}
