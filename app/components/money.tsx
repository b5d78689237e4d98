import { useFormat } from '../lib/use-format.ts';

/** An amount rounded for reading; its exact decimal is in the tooltip and in `data-exact`. */
export function Money({ usd }: { usd: string }) {
  const format = useFormat();
  return (
    <span className="money" data-exact={usd} title={usd.startsWith('-') ? `-$${usd.slice(1)}` : `$${usd}`}>
      {format.usd(usd)}
    </span>
  );
}
