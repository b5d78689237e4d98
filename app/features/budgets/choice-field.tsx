import { useId, type ReactNode } from 'react';

export interface ChoiceFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** The options. */
  readonly children: ReactNode;
}

/** A choice with its label, a hint and what is wrong with it, as the browser's own control: it works without JavaScript. */
export function ChoiceField({ label, name, value, hint, error, children }: ChoiceFieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} defaultValue={value} className="control" aria-invalid={error ? true : undefined} aria-describedby={described || undefined}>
        {children}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}
