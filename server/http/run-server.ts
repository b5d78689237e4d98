import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** Begins to listen; rejects when the port is taken or not allowed. */
export function listen(server: Server, { host, port }: ListenOptions): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({ port: isAddressInfo(address) ? address.port : port });
    });
  });
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** How often connections that have just become idle are closed during a drain. */
const SWEEP_MS = 100;

/** Accepts nothing new, lets running requests end for at most `drainMs`, then cuts what is left (event streams never end by themselves). */
export function drain(server: Server, drainMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
