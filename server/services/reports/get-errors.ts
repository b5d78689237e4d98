import { listFailedInteractions } from '#db/queries/failure-examples.ts';
import { countUsersHit, sumAttemptErrors, sumErrors, type ErrorFilter, type ErrorSums } from '#db/queries/rollups/errors.ts';
import { EXAMPLES_MAX, type ErrorsFigures, type ErrorsInput, type ErrorsReport, type FailureExample } from '#server/contracts/errors.ts';
import { BOT_HANDLERS, INTERACTION_ERROR_TYPES } from '#server/contracts/vocabulary.ts';
import { failuresOf, handlersOf, overTimeOf, seriesOf, toAttempts, toFailureType, toHandler, totalOf } from './error-lists.ts';
import { readReport, type ReportDeps, type ReportScope } from './report-kit.ts';

/** Kinds of failures, by the names in the rows, whose examples are looked up one by one. */
const KINDS_MAX = 200;

type Figures = ErrorsFigures & Pick<ErrorsReport, 'examples' | 'examplesFrom'>;

/** What failed in a range: handlers and error types over time, users hit, the models' own errors, the newest examples. The input is validated by `ErrorsInput`. */
export async function getErrors(deps: ReportDeps, { handler, errorType, ...input }: ErrorsInput): Promise<ErrorsReport> {
  const { compared, ...report } = await readReport(deps, input, (scope) => readErrors(scope, { handler, errorType }));
  if (compared === null) return { ...report, compared };
  const { examples: _, examplesFrom: __, ...figures } = compared;
  return { ...report, compared: figures };
}

async function readErrors(scope: ReportScope, { handler, errorType }: Pick<ErrorsInput, 'handler' | 'errorType'>): Promise<Figures> {
  const { executor, range, state, coverBuckets, coverWhole } = scope;
  const filter: ErrorFilter = { handler, errorType, handlers: BOT_HANDLERS, errorTypes: INTERACTION_ERROR_TYPES };
  const [users, sums, attempts] = await Promise.all([
    countUsersHit(executor, coverWhole('interactions'), filter),
    sumErrors(executor, coverBuckets('interactions'), filter),
    sumAttemptErrors(executor, coverWhole('ledger')),
  ]);
  const failures = failuresOf(sums, users);
  const series = seriesOf(failures);
  return {
    chosen: { handler: handler ?? null, errorType: errorType ?? null },
    total: totalOf(sums, users),
    failures,
    handlers: handlersOf(sums, users),
    series,
    overTime: overTimeOf(sums, series, range),
    attempts: toAttempts(attempts),
    examples: await readExamples(scope, sums),
    examplesFrom: state.interactionsKeptFrom?.toISOString() ?? null,
  };
}

async function readExamples({ executor, range: { from, to } }: ReportScope, sums: readonly ErrorSums[]): Promise<FailureExample[]> {
  const kinds = sums
    .flatMap(({ bucket, handler, errorType, failedCount }) => (bucket === null && handler !== null && errorType !== null ? [{ handler, errorType, failedCount }] : []))
    .toSorted((a, b) => b.failedCount - a.failedCount)
    .slice(0, KINDS_MAX);
  if (kinds.length === 0) return [];
  const found = await listFailedInteractions(executor, { from, to, kinds, limit: EXAMPLES_MAX });
  return found.map(({ at, handler, errorType, ...rest }) => ({ at: at.toISOString(), handler: toHandler(handler), errorType: toFailureType(errorType), ...rest }));
}
