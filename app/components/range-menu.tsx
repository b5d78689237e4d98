import { Link } from '@remix-run/react';

export interface RangeChoice {
  readonly words: string;
  readonly to: string;
  readonly isCurrent: boolean;
}

/** Choices as links behind the present one, so that they work without JavaScript. */
export function RangeMenu({ label, present, choices }: { label: string; present: string; choices: readonly RangeChoice[] }) {
  return (
    // A choice that was made closes the menu.
    <details key={choices.find(({ isCurrent }) => isCurrent)?.words} className="range-menu">
      <summary>
        {label}: {present}
      </summary>
      <ul aria-label={label} className="range-menu-choices">
        {choices.map(({ words, to, isCurrent }) => (
          <li key={words}>
            <Link to={to} aria-current={isCurrent ? 'true' : undefined} preventScrollReset>
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
