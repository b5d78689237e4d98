import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { UptimeBar, UptimeState } from '../../charts/uptime-bars.tsx';
import type { HealthBar, HealthTotals } from '#server/contracts/health-history.ts';
import { useFormat } from '../../lib/use-format.ts';

/** What was found in a stretch of time. Time that was disabled or not sampled is neither up nor down. */
export function uptimeStateOf({ sampledMs, healthyMs, unhealthyMs, disabledMs }: HealthTotals): UptimeState {
  if (sampledMs === 0) return disabledMs > 0 ? 'disabled' : 'none';
  if (unhealthyMs === 0) return 'healthy';
  return healthyMs === 0 ? 'down' : 'partly';
}

/** Shorter gaps are the seams between samples. */
const GAP_MS_MIN = 1_000;

/** Stretches of time in words. */
export function useUptimeWords(timeZone: string) {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    /** How much of the time was down, disabled, and not looked at; nothing where all of it was up. */
    const parts = ({ unhealthyMs, disabledMs, gapMs }: HealthTotals): string[] =>
      [
        unhealthyMs > 0 && t('healthPage.uptime.parts.down', { span: format.span(unhealthyMs) }),
        disabledMs > 0 && t('healthPage.uptime.parts.disabled', { span: format.span(disabledMs) }),
        gapMs >= GAP_MS_MIN && t('healthPage.uptime.parts.gap', { span: format.span(gapMs) }),
      ].filter((part) => part !== false);
    const bar = (told: HealthBar): UptimeBar => {
      const state = uptimeStateOf(told);
      const share = state === 'partly' && told.uptimeRatio !== null ? [t('healthPage.uptime.parts.up', { uptime: format.uptime(told.uptimeRatio) })] : [];
      const facts = [t(`healthPage.uptime.states.${state}`), ...share, ...(state === 'none' ? [] : parts(told)), ...(told.isUnfinished ? [t('healthPage.uptime.unfinished')] : [])];
      const span = t('range.span', { from: format.dayTime(told.startsAt, timeZone), to: format.dayTime(told.endsAt, timeZone) });
      return { key: told.startsAt, state, ratio: told.uptimeRatio ?? 0, text: `${span}: ${facts.join(', ')}`, isUnfinished: told.isUnfinished };
    };
    return { parts, bar };
  }, [t, format, timeZone]);
}
