import { HealthCheckName, HealthCode } from '#server/contracts/vocabulary.ts';

/** A check as it is on record; `other` where this version does not know it. */
export function checkOf(name: string): HealthCheckName | 'other' {
  return HealthCheckName.safeParse(name).data ?? 'other';
}

/** A code as it is on record; `other` where this version does not know it. */
export function codeOf(code: string): HealthCode | 'other' {
  return HealthCode.safeParse(code).data ?? 'other';
}
