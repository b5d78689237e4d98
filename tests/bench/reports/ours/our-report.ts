import type { ReportDeps } from '#server/services/reports/report-kit.ts';
import type { Figures } from '../peers/peer.ts';

/** A report of the product: reads it once, whole, and then tells the figures of what was read. */
export type OurReport = (deps: ReportDeps) => Promise<() => Figures>;
