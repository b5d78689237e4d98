import { useFormat } from '../lib/use-format.ts';

/** An instant in a time zone; whole seconds where attempts that follow one another must be told apart. */
export function Instant({ at, timeZone, isPrecise = false }: { at: string; timeZone: string; isPrecise?: boolean }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={at} suppressHydrationWarning>
      {isPrecise ? format.second(at, timeZone) : format.instant(at, timeZone)}
    </time>
  );
}
