import { Alert } from 'antd';
import type { ReactNode } from 'react';

/** What stands above every page of the cockpit until somebody acts; the label says of what kind. */
export function Banners({ label, children }: { label: string; children: ReactNode }) {
  return (
    <aside className="banners" aria-label={label}>
      {children}
    </aside>
  );
}

/** One notice: what is wrong, and the link to where it is mended. It stands on every page: nobody wants it read out each time. */
export function Banner({ type, children }: { type: 'error' | 'warning'; children: ReactNode }) {
  return <Alert role="note" type={type} title={children} />;
}
