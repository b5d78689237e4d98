import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '#server/contracts/vocabulary.ts';
import { formatUsd, formatUsdTick } from './format/money.ts';
import { formatCompactCount, formatCount, formatDurationMs, formatPercent, formatRate, formatSpanMs, formatUptime } from './format/numbers.ts';
import { formatClock, formatDay, formatDayTime, formatInstant, formatMonth, formatSecond } from './format/times.ts';

/** The formatters of one language. Instants need the time zone in which they are shown. */
export function createFormat(language: Language) {
  return {
    usd: (usd: string) => formatUsd(usd, language),
    usdTick: (value: number) => formatUsdTick(value, language),
    count: (count: number) => formatCount(count, language),
    compactCount: (count: number) => formatCompactCount(count, language),
    rate: (rate: number) => formatRate(rate, language),
    percent: (ratio: number) => formatPercent(ratio, language),
    uptime: (ratio: number) => formatUptime(ratio, language),
    span: (spanMs: number) => formatSpanMs(spanMs, language),
    duration: (durationMs: number) => formatDurationMs(durationMs, language),
    clock: (instant: string, timeZone: string) => formatClock(instant, timeZone, language),
    day: (instant: string, timeZone: string) => formatDay(instant, timeZone, language),
    dayTime: (instant: string, timeZone: string) => formatDayTime(instant, timeZone, language),
    month: (instant: string, timeZone: string) => formatMonth(instant, timeZone, language),
    second: (instant: string, timeZone: string) => formatSecond(instant, timeZone, language),
    instant: (instant: string, timeZone: string) => formatInstant(instant, timeZone, language),
  };
}
export type Format = ReturnType<typeof createFormat>;

/** The formatters of the language in which the page is shown. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const language: Language = i18n.language === 'ru' ? 'ru' : 'en';
  return useMemo(() => createFormat(language), [language]);
}
