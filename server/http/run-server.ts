import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import type { RequestHandler } from 'express';
import type { HealthPort } from '#server/contracts/load-context.ts';
import { AppError } from '#server/errors.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Of the variables that set host and port, as a refusal names them. */
  readonly variablePrefix?: string;
  /** Other processes may listen on it too; the system shares connections out. */
  readonly isShared?: boolean;
}

/** Begins to listen; rejects with `AppError` `unavailable`, in words, when the port is taken or not allowed. */
export function listen(server: NetServer, { host, port, variablePrefix = '', isShared = false }: ListenOptions): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(toRefusal(error, { host, port, variablePrefix }));
    server.once('error', refuse);
    server.listen({ host, port, reusePort: isShared }, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve({ port: isAddressInfo(address) ? address.port : port });
    });
  });
}

/** Rejects as `listen` would, and leaves the port free: known before anything else is started. Gives the port, which the system chose for 0. */
export async function checkPort(options: ListenOptions): Promise<number> {
  const probe = createServer();
  const { port } = await listen(probe, options);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const REFUSALS: Readonly<Record<string, (wanted: Required<Omit<ListenOptions, 'isShared'>>) => string>> = {
  EADDRINUSE: ({ host, port, variablePrefix }) =>
    `Port ${port} on ${host} is taken by another program. Stop that program, or choose another port: ${variablePrefix}PORT=${port + 1} npm start`,
  EACCES: ({ port, variablePrefix }) => `Port ${port} may not be used by this account. Choose one above 1023: ${variablePrefix}PORT=3000 npm start`,
  EADDRNOTAVAIL: ({ host, variablePrefix }) => `${variablePrefix}HOST=${host} is no address of this machine. Leave it unset to listen on all of them.`,
};

function toRefusal(error: Error, wanted: Required<Omit<ListenOptions, 'isShared'>>): Error {
  const describe = 'code' in error ? REFUSALS[String(error.code)] : undefined;
  return describe ? new AppError('unavailable', describe(wanted), error) : error;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** From the first moment of a stop on, lets no client keep its connection: so none of them has a request on its way when the last connections are closed. */
export function closeConnectionsAtStop(health: Pick<HealthPort, 'listObstacles'>): RequestHandler {
  return (_req, res, next) => {
    if (health.listObstacles().includes('stopping')) res.setHeader('Connection', 'close');
    next();
  };
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
