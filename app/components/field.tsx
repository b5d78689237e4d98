import { Input } from 'antd';
import { useId, type ComponentProps } from 'react';

export interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** Why the value was refused, in words. */
  readonly error?: string | undefined;
  readonly input: ComponentProps<typeof Input>;
}

/** An input with its label, a hint and what is wrong with it, tied together for assistive software. */
export function Field({ label, hint, error, input }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Input
        {...input}
        id={id}
        size="large"
        status={error ? 'error' : ''}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
      />
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
