import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const STROKE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

/** The product's mark: a crescent and a star. */
export function LogoIcon() {
  return (
    <Icon>
      <path fill="currentColor" d="M13.2 10.6A6 6 0 1 1 7.1 2a4.9 4.9 0 0 0 6.1 8.6z" />
      <path fill="currentColor" d="m12 1.6.7 1.7 1.7.7-1.7.7-.7 1.7-.7-1.7-1.7-.7 1.7-.7z" />
    </Icon>
  );
}

export function LogOutIcon() {
  return (
    <Icon>
      <path {...STROKE} d="M6 2.8H3.2v10.4H6M10.2 5l3 3-3 3M6.6 8h6.4" />
    </Icon>
  );
}

export function SunIcon() {
  return (
    <Icon>
      <circle {...STROKE} cx="8" cy="8" r="2.8" />
      <path {...STROKE} d="M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1" />
    </Icon>
  );
}

export function MoonIcon() {
  return (
    <Icon>
      <path {...STROKE} d="M13 9.7A5.6 5.6 0 0 1 6.3 3a5.6 5.6 0 1 0 6.7 6.7z" />
    </Icon>
  );
}

export function SystemIcon() {
  return (
    <Icon>
      <path {...STROKE} d="M2 3h12v7.6H2zM5.6 13.4h4.8" />
    </Icon>
  );
}
