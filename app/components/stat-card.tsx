import { Card } from 'antd';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface StatCardProps {
  readonly label: string;
  /** Null: not defined, shown as a dash; a note says why. */
  readonly value: ReactNode;
  /** What the number counts, one short line each. */
  readonly notes: readonly ReactNode[];
  /** How it changed against the compared range. */
  readonly change?: ReactNode;
}

/** One number with its name and what it means. */
export function StatCard({ label, value, notes, change }: StatCardProps) {
  const { t } = useTranslation();
  const labelId = useId();
  return (
    <Card size="small" role="group" aria-labelledby={labelId} className="stat">
      <h3 id={labelId} className="stat-label">
        {label}
      </h3>
      <p className="stat-value">
        {value ?? (
          <>
            <span aria-hidden="true">—</span>
            <span className="visually-hidden">{t('overview.notDefined')}</span>
          </>
        )}
      </p>
      {change && <p className="stat-note">{change}</p>}
      {notes.map((note, index) => (
        <p key={index} className="stat-note">
          {note}
        </p>
      ))}
    </Card>
  );
}
