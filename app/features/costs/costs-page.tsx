import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Drift } from '#server/contracts/drift.ts';
import type { PriceHistory, PriceList } from '#server/contracts/prices.ts';
import type { Waste } from '#server/contracts/waste.ts';
import { Freshness } from '../../components/freshness.tsx';
import { RangeSwitch } from '../../components/range-switch.tsx';
import { DriftSection } from './drift-section.tsx';
import { PricesSection } from './prices-section.tsx';
import { WasteSection } from './waste-section.tsx';

/** What the loader of the page reads: a part for each section. */
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
export function CostsPage({ costs }: { costs: CostsData }) {
  const { t } = useTranslation();
  const { range, generatedAt } = costs.waste;
  return (
    <>
      <div className="page-head">
        <h1>{t('costs.title')}</h1>
        <Freshness asOf={generatedAt} timeZone={range.timeZone} />
        <RangeSwitch range={range} />
      </div>
      {SECTIONS.map(({ key, Section }) => (
        <Section key={key} costs={costs} />
      ))}
    </>
  );
}
