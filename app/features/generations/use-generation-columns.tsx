import { Link, useLocation } from '@remix-run/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GenerationRow } from '#server/contracts/generations.ts';
import type { Column } from '../../components/data-table.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { changeQuery } from '../../lib/change-query.ts';
import { generationPath } from '../../lib/generations-path.ts';
import { useFormat, type Format } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { DispositionBadge, StatusBadge } from './state-badges.tsx';

type ColumnKey =
  | 'startedAt' | 'operation' | 'model' | 'status' | 'disposition' | 'error' | 'tokens' | 'cost' | 'source' | 'duration' | 'attempt' | 'user';

/** The columns of the list of attempts. The start leads to the story, model and user narrow the list. */
export function useGenerationColumns(timeZone: string): Column<GenerationRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useVocabulary();
  const { pathname, search } = useLocation();
  const narrow = (changes: Record<string, string>) => `${pathname}${changeQuery(search, { ...changes, cursor: null })}`;
  const column = (key: ColumnKey, render: (row: GenerationRow) => ReactNode, isNumeric = false): Column<GenerationRow> => ({
    key,
    title: t(`generations.columns.${key}`),
    isNumeric,
    render,
  });
  return [
    column('startedAt', ({ requestId, startedAt }) => (
      <Link to={generationPath(requestId)}>
        <Instant at={startedAt} timeZone={timeZone} isPrecise />
      </Link>
    )),
    column('operation', ({ operation }) => words.operation(operation)),
    column('model', ({ model, responseModel }) => (
      <>
        <Link to={narrow({ model })}>{model}</Link>
        {responseModel !== null && responseModel !== model && <span className="cell-note">{t('generations.servedBy', { model: responseModel })}</span>}
      </>
    )),
    column('status', ({ status }) => <StatusBadge status={status} />),
    column('disposition', ({ disposition }) => <DispositionBadge disposition={disposition} />),
    column('error', ({ errorType }) => (errorType === null ? <span className="muted">{t('vocabulary.none')}</span> : words.errorType(errorType))),
    column('tokens', (row) => <Tokens row={row} format={format} />, true),
    column('cost', ({ costUsd }) => (costUsd === null ? <Unknown /> : <Money usd={costUsd} />), true),
    column('source', ({ costSource }) => words.costSource(costSource)),
    column('duration', ({ durationMs }) => (durationMs === null ? <Unknown /> : format.duration(durationMs)), true),
    column('attempt', ({ attempt }) => format.count(attempt), true),
    column('user', ({ userId }) => (userId === null ? <Unknown /> : <Link to={narrow({ user: String(userId) })}>{userId}</Link>), true),
  ];
}

/** Prompt and completion; each may be known without the other. */
function Tokens({ row: { promptTokens, completionTokens }, format }: { row: GenerationRow; format: Format }) {
  if (promptTokens === null && completionTokens === null) return <Unknown />;
  const part = (tokens: number | null) => (tokens === null ? <Unknown /> : format.count(tokens));
  return (
    <>
      {part(promptTokens)} + {part(completionTokens)}
    </>
  );
}
