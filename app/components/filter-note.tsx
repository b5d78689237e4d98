import { Link } from '@remix-run/react';

export interface FilterNoteProps {
  /** What the links are for, for those who hear them one by one. */
  readonly label: string;
  /** What the page is narrowed to, in words. */
  readonly text: string;
  /** The words that lead to all of it, and where that is. */
  readonly all: string;
  readonly to: string;
}

/** Says what a page is narrowed to, with a way back to all of it. */
export function FilterNote({ label, text, all, to }: FilterNoteProps) {
  return (
    <nav aria-label={label} className="filter-note">
      {text}{' '}
      <Link to={to} preventScrollReset>
        {all}
      </Link>
    </nav>
  );
}
