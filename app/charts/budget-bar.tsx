export interface BudgetBarProps {
  /** Parts of the limit, 0 to 1 and beyond. */
  readonly spentRatio: number;
  readonly reservedRatio: number;
  /** Percentages of the limit at which something happens. */
  readonly marks: readonly number[];
  /** Without names the marks are lines only. */
  readonly hasNames?: boolean;
}

const HEIGHT = 10;
const NAMES_HEIGHT = 18;
/** Names closer than that would touch. */
const NAME_GAP_PERCENT = 14;

function toPercent(ratio: number): string {
  return `${(Math.min(Math.max(ratio, 0), 1) * 100).toFixed(2)}%`;
}

/** Those that have room for a name, the last first: it is the limit. */
function chooseNamed(marks: readonly number[]): ReadonlySet<number> {
  const named: number[] = [];
  for (const mark of [...marks].sort((a, b) => b - a)) {
    const last = named.at(-1);
    if (last === undefined || last - mark >= NAME_GAP_PERCENT) named.push(mark);
  }
  return new Set(named);
}

/** How much of a limit is spent and reserved, with the steps as marks. Decoration beside the numbers that say it. */
export function BudgetBar({ spentRatio, reservedRatio, marks, hasNames = false }: BudgetBarProps) {
  const named = hasNames ? chooseNamed(marks) : new Set<number>();
  return (
    <svg className="budget-bar" width="100%" height={hasNames ? HEIGHT + NAMES_HEIGHT : HEIGHT} aria-hidden="true" focusable="false">
      <rect className="budget-bar-rail" width="100%" height={HEIGHT} rx="3" />
      <rect className="budget-bar-reserved" width={toPercent(spentRatio + reservedRatio)} height={HEIGHT} rx="3" />
      <rect className={spentRatio + reservedRatio >= 1 ? 'budget-bar-full' : 'budget-bar-spent'} width={toPercent(spentRatio)} height={HEIGHT} rx="3" />
      {[...new Set(marks)].map((mark) => (
        <g key={mark}>
          {mark < 100 && <rect className="budget-bar-mark" x={`${mark}%`} width="2" height={HEIGHT} />}
          {named.has(mark) && (
            <text className="budget-bar-name" x={`${mark}%`} y={HEIGHT + 14} textAnchor={mark > 95 ? 'end' : mark < 5 ? 'start' : 'middle'}>
              {mark} %
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
