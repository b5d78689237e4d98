import { Form, Link, useLocation } from '@remix-run/react';
import { Button } from 'antd';
import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AI_ERROR_TYPES, COST_SOURCES, DISPOSITIONS, GENERATION_STATUSES, OPERATIONS } from '#server/contracts/vocabulary.ts';
import { NONE } from '#server/contracts/generations.ts';
import { RANGE_PARAMETERS } from '#server/contracts/time-range.ts';
import { changeQuery } from '../../lib/change-query.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { FILTER_PARAMETERS, type FilterParameter } from './filter-query.ts';

function Control({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="filter">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface ChoiceProps {
  readonly name: FilterParameter;
  readonly value: string | null;
  readonly choices: readonly (readonly [value: string, words: string])[];
}

function Choice({ name, value, choices }: ChoiceProps) {
  const { t } = useTranslation();
  // A value in the URL that is no choice, such as an operation that was retired, stays one.
  const all = value === null || value === '' || choices.some(([choice]) => choice === value) ? choices : [...choices, [value, value] as const];
  return (
    <Control label={t(`generations.filters.${name}`)}>
      {(id) => (
        <select id={id} name={name} defaultValue={value ?? ''} className="control">
          <option value="">{t('generations.filters.any')}</option>
          {all.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Control>
  );
}

interface TextProps extends Pick<InputHTMLAttributes<HTMLInputElement>, 'inputMode' | 'maxLength'> {
  readonly name: FilterParameter;
  readonly value: string | null;
}

function Text({ name, value, ...input }: TextProps) {
  const { t } = useTranslation();
  return (
    <Control label={t(`generations.filters.${name}`)}>
      {(id) => <input {...input} id={id} name={name} defaultValue={value ?? ''} className="control" autoComplete="off" />}
    </Control>
  );
}

/** The filters as a form that writes them into the URL; the range stays, the place in the list does not. */
export function FilterForm() {
  const { t } = useTranslation();
  const words = useVocabulary();
  const { search } = useLocation();
  const query = new URLSearchParams(search);
  const count = FILTER_PARAMETERS.filter((name) => query.has(name)).length;
  const none = Object.fromEntries([...FILTER_PARAMETERS, 'cursor'].map((name) => [name, null]));
  const named = <Value extends string>(values: readonly Value[], name: (value: Value) => string) => values.map((value) => [value, name(value)] as const);
  return (
    <details className="filters" open={count > 0}>
      <summary>{count === 0 ? t('generations.filters.title') : t('generations.filters.active', { count })}</summary>
      {/* A new URL makes a new form, so that going back shows the filters of that page. */}
      <Form key={search} method="get" action="/monitoring/generations" className="filter-form">
        {RANGE_PARAMETERS.map((name) => {
          const value = query.get(name);
          return value === null ? null : <input key={name} type="hidden" name={name} value={value} />;
        })}
        <Choice name="operation" value={query.get('operation')} choices={named(OPERATIONS, words.operation)} />
        <Text name="model" value={query.get('model')} maxLength={128} />
        <Text name="user" value={query.get('user')} inputMode="numeric" maxLength={16} />
        <Choice name="status" value={query.get('status')} choices={named(GENERATION_STATUSES, words.status)} />
        <Choice name="disposition" value={query.get('disposition')} choices={named([...DISPOSITIONS, NONE], words.disposition)} />
        <Choice name="errorType" value={query.get('errorType')} choices={named([NONE, ...AI_ERROR_TYPES], words.errorType)} />
        <Choice name="costSource" value={query.get('costSource')} choices={named(COST_SOURCES, words.costSource)} />
        <Text name="minUsd" value={query.get('minUsd')} inputMode="decimal" maxLength={21} />
        <Text name="maxUsd" value={query.get('maxUsd')} inputMode="decimal" maxLength={21} />
        <div className="filter-actions">
          <Button htmlType="submit" type="primary">
            {t('generations.filters.apply')}
          </Button>
          {count > 0 && <Link to={`/monitoring/generations${changeQuery(search, none)}`}>{t('generations.filters.clear')}</Link>}
        </div>
      </Form>
    </details>
  );
}
