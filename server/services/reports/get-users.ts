import { countNewAndActive, countSignups, countUses, type NewAndActiveCounts } from '#db/queries/rollups/users.ts';
import { SOURCES_MAX, type Users, type UsersFigures, type UsersInput } from '#server/contracts/users.ts';
import { planCover } from '../rollups/plan-cover.ts';
import { countActiveUsers, onlyOnRecord } from './active-users.ts';
import { readCohorts } from './cohorts.ts';
import { isUnfinished } from './is-unfinished.ts';
import { readReport, type ReportDeps, type ReportScope } from './report-kit.ts';

type UserCounts = Pick<UsersFigures['total'], 'activeCount' | 'newCount' | 'returningCount'>;

/** Who used the bot in a range: active, new and returning users, where they came from, and whether they stayed. The input is validated by `UsersInput`. */
export async function getUsers(deps: ReportDeps, input: UsersInput): Promise<Users> {
  const { compared, ...report } = await readReport(deps, input, readUsers);
  return { ...report, compared: compared && { ...compared, windows: toWindows(onlyOnRecord(compared.windows, report)) } };
}

async function readUsers(scope: ReportScope): Promise<UsersFigures> {
  const { executor, range } = scope;
  const [windows, users, interactionCount, signups, cohorts] = await Promise.all([
    countActiveUsers(scope),
    countInRange(scope),
    countUses(executor, scope.coverWhole('interactions')),
    countSignups(executor, coverNew(scope), SOURCES_MAX),
    readCohorts(scope),
  ]);
  const total = toCounts(users.total);
  return {
    windows: toWindows(windows),
    total: { ...total, interactionCount, interactionsPerActive: total.activeCount === 0 ? null : interactionCount / total.activeCount },
    overTime: range.starts.map((start, index) => ({
      startsAt: start.toISOString(),
      isUnfinished: isUnfinished(range.starts[index + 1], range),
      ...toCounts({ fresh: users.fresh.get(index) ?? 0, active: users.active.get(index) ?? 0, both: users.both.get(index) ?? 0 }),
    })),
    bySource: signups.map(({ source, count }) => ({ source, signupCount: count })),
    ...cohorts,
  };
}

/** The range for users who are new in it: unlike interactions they are all kept one by one. */
function coverNew({ range: { from, to, timeZone }, state }: ReportScope, starts: readonly Date[] = [from]) {
  return planCover({ from, to, starts, timeZone, rollupTimeZone: state.timeZone });
}

function countInRange(scope: ReportScope): Promise<NewAndActiveCounts> {
  const { starts } = scope.range;
  const pairs = starts.map((_, bucket) => ({ fresh: bucket, active: bucket }));
  return countNewAndActive(scope.executor, { fresh: coverNew(scope, starts), active: scope.coverBuckets('interactions'), pairs });
}

function toCounts({ fresh, active, both }: NewAndActiveCounts['total']): UserCounts {
  return { activeCount: active, newCount: fresh, returningCount: active - both };
}

function toWindows<Known extends number | null>({ dau, wau, mau }: Readonly<Record<'dau' | 'wau' | 'mau', Known>>) {
  return { dau, wau, mau, dauOfMau: ratioOf(dau, mau), wauOfMau: ratioOf(wau, mau) };
}

function ratioOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}
