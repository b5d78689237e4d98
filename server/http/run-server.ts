import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { AppError } from '#server/errors.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** Begins to listen; rejects with `AppError` `unavailable`, in words, when the port is taken or not allowed. */
export function listen(server: NetServer, { host, port }: ListenOptions): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(toRefusal(error, host, port));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve({ port: isAddressInfo(address) ? address.port : port });
    });
  });
}

/** Rejects as `listen` would, and leaves the port free: known before anything else is started. */
export async function checkPort(options: ListenOptions): Promise<void> {
  const probe = createServer();
  await listen(probe, options);
  await new Promise((resolve) => probe.close(resolve));
}

const REFUSALS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is taken by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`,
  EACCES: (_host, port) => `Port ${port} may not be used by this account. Choose one above 1023: PORT=3000 npm start`,
  EADDRNOTAVAIL: (host) => `HOST=${host} is no address of this machine. Leave HOST unset to listen on all of them.`,
};

function toRefusal(error: Error, host: string, port: number): Error {
  const describe = 'code' in error ? REFUSALS[String(error.code)] : undefined;
  return describe ? new AppError('unavailable', describe(host, port), error) : error;
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
