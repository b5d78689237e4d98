import type { TFunction } from 'i18next';
import { z } from 'zod';
import { EXPORT_REFUSALS } from '#server/contracts/export.ts';
import { BUCKETS, COMPARISONS, RANGE_DAYS_MAX, RANGE_PARAMETERS, RANGE_PRESETS } from '#server/contracts/time-range.ts';
import { AppError } from '#server/errors.ts';
import { findRefusedRange } from './range-query.ts';
import { textResponse } from './resource-response.ts';

const CHOICES = { presets: RANGE_PRESETS.join(', '), buckets: BUCKETS.join(', '), comparisons: COMPARISONS.join(', '), days: RANGE_DAYS_MAX };
const ExportIssueReason = z.enum([...EXPORT_REFUSALS, 'other']);

const isOfRange = ({ path: [parameter] }: z.core.$ZodIssue) => RANGE_PARAMETERS.some((name) => name === parameter);

function tellRange(issues: readonly z.core.$ZodIssue[], t: TFunction): string[] {
  const refused = issues.length === 0 ? null : findRefusedRange(new z.ZodError([...issues]));
  return (refused?.issues ?? []).map(({ parameter, reason, allowed = [] }) =>
    t('range.refusedParameter', { parameter, reason: t(`range.reasons.${reason}`, { ...CHOICES, allowed: allowed.join(', ') }) }),
  );
}

function tellOther(issue: z.core.$ZodIssue, t: TFunction): string {
  const told: unknown = issue.code === 'custom' ? issue.params?.['reason'] : undefined;
  const reason = ExportIssueReason.catch('other').parse(told);
  return t('range.refusedParameter', { parameter: issue.path.join('.'), reason: t(`exports.refused.reasons.${reason}`) });
}

/** Why the parameters of an export are refused, one line each, in the words of a language. */
export function tellIssues(error: z.ZodError, t: TFunction): readonly string[] {
  const others = error.issues.filter((issue) => !isOfRange(issue)).map((issue) => tellOther(issue, t));
  return [...new Set([...tellRange(error.issues.filter(isOfRange), t), ...others])];
}

/** The answer to an export that was refused, in words; rethrows what nobody expects. */
export function refuseExport(error: unknown, t: TFunction): Response {
  if (!(error instanceof AppError) || error.code === 'internal') throw error;
  const lines = error.cause instanceof z.ZodError ? tellIssues(error.cause, t) : [tellCode(error, t)];
  return textResponse([t('exports.refused.title'), '', ...lines].join('\n'), error.httpStatus);
}

function tellCode({ code }: AppError, t: TFunction): string {
  if (code === 'not_found') return t('exports.refused.unknown');
  if (code === 'too_many_requests') return t('exports.refused.tooMany');
  return code === 'unavailable' ? t('exports.refused.unavailable') : t('errors.badRequest.text');
}
