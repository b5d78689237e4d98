import type { AdminDeps } from '#server/services/admins/types.ts';
import { createFirstOwner, hasOwner } from '#server/services/admins/create-first-owner.ts';
import { issueSetupCode } from '#server/services/admins/issue-setup-code.ts';
import { AppError } from '../errors.ts';
import type { Config } from '../config.ts';

/**
 * Makes the first owner from the configuration where there is none, and returns the line that tells how to log in: the
 * address, or a one-time link where nobody may log in yet.
 */
export async function announceOwner(deps: AdminDeps, config: Config, siteUrl: string): Promise<string> {
  if (await hasOwner(deps)) return `Log in: ${siteUrl}/login`;
  if (!config.owner) return `First owner: ${siteUrl}/setup?code=${await issueSetupCode(deps)}`;
  try {
    await createFirstOwner(deps, config.owner);
  } catch (error) {
    // Another replica was faster.
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
  }
  return `Log in: ${siteUrl}/login as ${config.owner.email}`;
}
