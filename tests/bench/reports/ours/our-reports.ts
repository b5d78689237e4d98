import type { ReportName } from '../reports.ts';
import { readCosts } from './costs.ts';
import { readEconomics } from './economics.ts';
import { readErrors } from './errors.ts';
import { readJobs } from './jobs.ts';
import type { OurReport } from './our-report.ts';
import { readOverview } from './overview.ts';
import { readPerformance } from './performance.ts';
import { readUsers } from './users.ts';

export const OUR_REPORTS: Readonly<Record<ReportName, OurReport>> = {
  overview: readOverview,
  costs: readCosts,
  users: readUsers,
  economics: readEconomics,
  performance: readPerformance,
  errors: readErrors,
  jobs: readJobs,
};
