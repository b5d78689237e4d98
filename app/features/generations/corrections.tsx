import { useTranslation } from 'react-i18next';
import type { CostCorrection } from '#server/contracts/generations.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

/** Every change of the cost after it was booked, with both amounts and where each came from. */
export function Corrections({ corrections, timeZone }: { corrections: readonly CostCorrection[]; timeZone: string }) {
  const { t } = useTranslation();
  const words = useVocabulary();
  if (corrections.length === 0) return <p className="stat-note">{t('generations.story.correctionsNone')}</p>;
  const numbered = corrections.map((correction, index) => ({ ...correction, index }));
  const columns: Column<(typeof numbered)[number]>[] = [
    { key: 'at', title: t('generations.story.correction.at'), render: ({ at }) => <Instant at={at} timeZone={timeZone} isPrecise /> },
    { key: 'old', title: t('generations.story.correction.old'), isNumeric: true, render: ({ oldUsd }) => <Money usd={oldUsd} /> },
    { key: 'new', title: t('generations.story.correction.new'), isNumeric: true, render: ({ newUsd }) => <Money usd={newUsd} /> },
    {
      key: 'source',
      title: t('generations.story.correction.source'),
      render: ({ oldSource, newSource }) =>
        oldSource === newSource
          ? words.costSource(newSource)
          : t('generations.story.sourceChange', { old: words.costSource(oldSource), new: words.costSource(newSource) }),
    },
  ];
  return (
    <>
      <h4 className="attempt-corrections">{t('generations.story.corrections')}</h4>
      <DataTable caption={t('generations.story.corrections')} columns={columns} rows={numbered} rowKey={({ index }) => String(index)} />
    </>
  );
}
