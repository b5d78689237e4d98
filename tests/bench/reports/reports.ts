import { costsPeer } from './peers/costs.ts';
import { economicsPeer } from './peers/economics.ts';
import { errorsPeer } from './peers/errors.ts';
import { jobsPeer } from './peers/jobs.ts';
import { overviewPeer } from './peers/overview.ts';
import type { Peer } from './peers/peer.ts';
import { performancePeer } from './peers/performance.ts';
import { usersPeer } from './peers/users.ts';

/** A report of the last thirty days: how long ours may take, and how one would first write it. */
export interface BenchedReport {
  readonly goalMs: number;
  readonly peer: Peer;
}

export const RANGE_DAYS = 30;
const GOAL_MS = 50;

export const REPORTS = {
  overview: { goalMs: 20, peer: overviewPeer },
  costs: { goalMs: GOAL_MS, peer: costsPeer },
  users: { goalMs: GOAL_MS, peer: usersPeer },
  economics: { goalMs: GOAL_MS, peer: economicsPeer },
  performance: { goalMs: GOAL_MS, peer: performancePeer },
  errors: { goalMs: GOAL_MS, peer: errorsPeer },
  jobs: { goalMs: GOAL_MS, peer: jobsPeer },
} as const satisfies Readonly<Record<string, BenchedReport>>;
export type ReportName = keyof typeof REPORTS;
