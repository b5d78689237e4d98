import { Link } from '@remix-run/react';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { EXAMPLES_MAX, type ErrorsReport, type FailureExample } from '#server/contracts/errors.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { generationPath, generationsPath } from '../../lib/generations-path.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useVocabulary } from '../../lib/use-vocabulary.ts';
import { useErrorWords } from './use-error-words.ts';

/** The newest failed interactions of the range, with ways to the user's attempts and to the story of the reading. */
export function ExamplesSection({ report }: { report: ErrorsReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useColumns(report);
  const { examples, examplesFrom, range } = report;
  const title = t('failures.examples.title');
  const since = examplesFrom !== null && Date.parse(examplesFrom) > Date.parse(range.from) ? ` · ${t('failures.examples.since', { from: format.instant(examplesFrom, range.timeZone) })}` : '';
  return (
    <Section title={title} aside={<>{t('failures.examples.aside', { most: EXAMPLES_MAX })}{since} <ExportLink report="errors" table="examples" what={title} /></>}>
      <Card size="small">
        {examples.length === 0 ? (
          <p className="empty">{t('failures.examples.empty')}</p>
        ) : (
          <DataTable caption={title} columns={columns} rows={examples.map((example, index) => ({ ...example, key: `${example.at} ${index}` }))} rowKey={({ key }) => key} />
        )}
      </Card>
    </Section>
  );
}

function useColumns({ range }: ErrorsReport): Column<FailureExample>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useErrorWords();
  const vocabulary = useVocabulary();
  return [
    { key: 'at', title: t('failures.columns.at'), render: ({ at }) => <Instant at={at} timeZone={range.timeZone} isPrecise /> },
    { key: 'handler', title: t('failures.columns.handler'), render: ({ handler }) => words.handler(handler) },
    { key: 'errorType', title: t('failures.columns.errorType'), render: ({ errorType }) => words.errorType(errorType) },
    { key: 'operation', title: t('failures.columns.operation'), render: ({ operation }) => (operation === null ? <Unknown /> : vocabulary.operation(operation)) },
    { key: 'user', title: t('failures.columns.user'), isNumeric: true, render: ({ userId }) => <Link to={generationsPath(range, { user: String(userId) })}>{userId}</Link> },
    { key: 'duration', title: t('failures.columns.duration'), isNumeric: true, render: ({ durationMs }) => format.duration(durationMs) },
    { key: 'update', title: t('failures.columns.update'), isNumeric: true, render: ({ updateId }) => updateId ?? <Unknown /> },
    {
      key: 'story',
      title: t('failures.columns.story'),
      render: ({ requestId, at }) =>
        requestId === null ? (
          <Unknown />
        ) : (
          <Link to={generationPath(requestId)} aria-label={t('failures.examples.storyOf', { at: format.second(at, range.timeZone) })}>
            {t('failures.examples.story')}
          </Link>
        ),
    },
  ];
}
