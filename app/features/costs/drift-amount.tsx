import { useFormat } from '../../lib/use-format.ts';

/** A difference of dollars with its sign, rounded for reading; its exact decimal is in the tooltip and in `data-exact`. */
export function DriftAmount({ usd }: { usd: string }) {
  const format = useFormat();
  const size = usd.replace('-', '');
  const sign = usd.startsWith('-') ? '\u2212' : /[1-9]/.test(size) ? '+' : '';
  return (
    <span className="money" data-exact={usd} title={`$${usd}`}>
      {sign}
      {format.usd(size)}
    </span>
  );
}
