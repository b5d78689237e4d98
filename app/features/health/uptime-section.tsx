import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { UPTIME_STATES, UptimeBars, UptimeSample } from '../../charts/uptime-bars.tsx';
import type { CheckHistory, HealthHistory } from '#server/contracts/health-history.ts';
import { ExportLink } from '../../components/export-link.tsx';
import { RowExport } from '../../components/row-export.tsx';
import { Section } from '../../components/section.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useUptimeWords } from './use-uptime-words.ts';

/** How each check did over the range: in a figure, and bar by bar. */
export function UptimeSection({ history }: { history: HealthHistory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { covered, barMs, timeZone } = history;
  const span = { from: format.instant(covered.from, timeZone), to: format.instant(covered.to, timeZone) };
  return (
    <Section
      title={t('healthPage.uptime.title')}
      aside={
        <>
          {t('healthPage.uptime.aside', { ...span, bar: format.span(barMs) })} <ExportLink report="health-history" table="bars" what={t('healthPage.uptime.title')} />{' '}
          <ExportLink report="health-history" what={t('healthPage.uptime.title')} />
        </>
      }
    >
      <Card size="small">
        <ul className="uptimes">
          {history.checks.map((check) => (
            <CheckUptime key={check.check} check={check} timeZone={timeZone} span={span} />
          ))}
        </ul>
        <ul className="uptime-legend" aria-label={t('healthPage.uptime.legend')}>
          {UPTIME_STATES.map((state) => (
            <li key={state}>
              <UptimeSample state={state} /> {t(`healthPage.uptime.states.${state}`)}
            </li>
          ))}
        </ul>
        <RowExport name="health-samples" />
      </Card>
    </Section>
  );
}

interface CheckUptimeProps {
  readonly check: CheckHistory;
  readonly timeZone: string;
  readonly span: { readonly from: string; readonly to: string };
}

function CheckUptime({ check, timeZone, span }: CheckUptimeProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useUptimeWords(timeZone);
  const { uptimeRatio, latencyAverageMs, latencyMaxMs } = check;
  const name = t(`health.checks.${check.check}`);
  const latency =
    latencyAverageMs === null || latencyMaxMs === null
      ? t('healthPage.uptime.noLatency')
      : t('healthPage.uptime.latency', { average: format.duration(latencyAverageMs), maximum: format.duration(latencyMaxMs) });
  return (
    <li className="uptime">
      <h3 className="uptime-name">{name}</h3>
      <p className="uptime-figure" title={uptimeRatio === null ? t('healthPage.uptime.noFigure') : t('healthPage.uptime.figure', { uptime: format.uptime(uptimeRatio) })}>
        {uptimeRatio === null ? <Unknown /> : format.uptime(uptimeRatio)}
      </p>
      <div className="uptime-strip">
        <UptimeBars bars={check.bars.map(words.bar)} label={t('healthPage.uptime.bars', { check: name, ...span })} />
        <p className="uptime-facts">{[...words.parts(check), latency].join(' · ')}</p>
      </div>
    </li>
  );
}
