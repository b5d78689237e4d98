import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Costs, CostsInput } from '#server/contracts/costs.ts';
import type { Drift } from '#server/contracts/drift.ts';
import type { PriceHistory, PriceList } from '#server/contracts/prices.ts';
import type { Waste } from '#server/contracts/waste.ts';
import { Freshness, StaleNotice } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { DriftSection } from './drift-section.tsx';
import { PricesSection } from './prices-section.tsx';
import { SplitSection } from './split-section.tsx';
import { useLiveCosts, useLiveWaste } from './use-live-costs.ts';
import { WasteSection } from './waste-section.tsx';

/** What the loader of the page reads beside the report: a part for each section. */
export interface CostsData {
  readonly waste: Waste;
  readonly prices: PriceList;
  /** Null: no model's history was asked for. */
  readonly history: PriceHistory | null;
  readonly drift: Drift;
  /** Whether the visitor may have the drift measured. */
  readonly canMeasure: boolean;
}

/** The sections of the page in their order. A new one brings its part of `CostsData` and its line here. */
const SECTIONS: readonly { readonly key: string; readonly Section: ComponentType<{ readonly costs: CostsData }> }[] = [
  { key: 'waste', Section: WasteSection },
  { key: 'prices', Section: PricesSection },
  { key: 'drift', Section: DriftSection },
];

/** Where the money of a range went, and at which prices. */
export function CostsPage({ costs, input, initial }: { costs: CostsData; input: CostsInput; initial: Costs }) {
  const { t } = useTranslation();
  const { report, state } = useLiveCosts(input, initial);
  const waste = useLiveWaste(input, costs.waste);
  const freshness = { asOf: report.generatedAt, timeZone: report.range.timeZone, state };
  return (
    <>
      <div className="page-head">
        <h1>{t('costs.title')}</h1>
        <Freshness {...freshness} />
        <RangeSwitch range={report.range} report={report} hasSteps />
      </div>
      <StaleNotice {...freshness} />
      <SplitSection report={report} input={input} />
      {SECTIONS.map(({ key, Section }) => (
        <Section key={key} costs={{ ...costs, waste }} />
      ))}
    </>
  );
}
