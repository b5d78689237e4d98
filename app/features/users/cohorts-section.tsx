import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { RETENTION_DAYS, type Users } from '#server/contracts/users.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { ExportLink } from '../../components/export-link.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';

type Cohort = Users['cohorts'][number];

/** How many of those who came on each day, or in each week, were there again exactly so many days later. */
export function CohortsSection({ report: { cohorts } }: { report: Users }) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t('users.cohorts.title');
  const columns: Column<Cohort>[] = [
    {
      key: 'dates',
      title: t('users.cohorts.dates'),
      render: ({ firstDate, lastDate }) => (
        <>
          <LocalDate date={firstDate} />
          {lastDate !== firstDate && <> – <LocalDate date={lastDate} /></>}
        </>
      ),
    },
    { key: 'new', title: t('users.range.newCount'), isNumeric: true, render: ({ newCount }) => format.count(newCount) },
    ...RETENTION_DAYS.map((days): Column<Cohort> => ({
      key: `day ${days}`,
      title: t('users.cohorts.day', { days }),
      isNumeric: true,
      render: ({ retention }) => {
        const found = retention.find((each) => each.days === days);
        return found?.ratio == null ? <Unknown /> : <>{format.percent(found.ratio)} ({format.count(found.activeCount)})</>;
      },
    })),
  ];
  return (
    <Section title={title} aside={<>{t('users.cohorts.aside')} <ExportLink report="users" table="cohorts" what={title} /></>}>
      <Card size="small">
        {cohorts.length === 0 ? <p className="empty">{t('users.cohorts.empty')}</p> : <DataTable caption={title} columns={columns} rows={cohorts.toReversed()} rowKey={({ firstDate }) => firstDate} />}
      </Card>
    </Section>
  );
}

/** A date and no instant: it is shown as it is called, whatever the zone of the reader. */
function LocalDate({ date }: { date: string }) {
  const format = useFormat();
  return <time dateTime={date}>{format.day(`${date}T12:00:00Z`, 'UTC')}</time>;
}
