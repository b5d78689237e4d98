import { useTranslation } from 'react-i18next';
import { changeRatio, type Figure } from '#server/contracts/change.ts';
import { useFormat } from '../lib/use-format.ts';

export interface ChangeNoteProps {
  readonly figure: Figure;
  /** The same figure of the range that it is compared with. */
  readonly earlier: Figure;
  /** The earlier figure as it is shown; null where it is not defined. */
  readonly earlierText: string | null;
  /** Which direction is welcome; `none` for a figure that is neither good nor bad. */
  readonly welcome?: 'up' | 'down' | 'none';
}

/** By how much a number changed against the compared range, and what it was; without a ratio where it was 0 or is not known. */
export function ChangeNote({ figure, earlier, earlierText, welcome = 'none' }: ChangeNoteProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (earlierText === null) return <span className="change-note">{t('change.unknown')}</span>;
  const ratio = changeRatio(figure, earlier);
  const before = t('change.before', { before: earlierText });
  if (ratio === null) return <span className="change-note">{before}</span>;
  const direction = ratio > 0 ? 'up' : ratio < 0 ? 'down' : 'same';
  const mood = direction === 'same' || welcome === 'none' ? 'plain' : direction === welcome ? 'good' : 'bad';
  return (
    <span className="change-note">
      <span className={`change-ratio change-${mood}`}>
        <span aria-hidden="true">{{ up: '▲', down: '▼', same: '=' }[direction]}</span> {t(`change.${direction}`, { ratio: format.percent(Math.abs(ratio)) })}
      </span>{' '}
      {before}
    </span>
  );
}
