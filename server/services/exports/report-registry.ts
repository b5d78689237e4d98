import { costsExport } from './reports/costs.ts';
import { economicsExport } from './reports/economics.ts';
import { errorsExport } from './reports/errors.ts';
import { healthHistoryExport } from './reports/health-history.ts';
import { jobsExport } from './reports/jobs.ts';
import { overviewExport } from './reports/overview.ts';
import { performanceExport } from './reports/performance.ts';
import { usersExport } from './reports/users.ts';
import { wasteExport } from './reports/waste.ts';
import type { ReportRegistry } from './types.ts';

/** All reports that can be exported. A new one brings its file in `reports/`, its line here, and its tables in the contract. */
export const EXPORTABLE_REPORTS: ReportRegistry = {
  overview: overviewExport,
  costs: costsExport,
  waste: wasteExport,
  economics: economicsExport,
  users: usersExport,
  performance: performanceExport,
  errors: errorsExport,
  jobs: jobsExport,
  'health-history': healthHistoryExport,
};
