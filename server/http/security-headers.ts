import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { requestState } from './request-state.ts';

const HSTS_SECONDS = 31_536_000;

/** The headers that every response carries, errors and assets included. */
export function createSecurityHeaders({ isHttps }: { readonly isHttps: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Inline scripts need the nonce. Files need to be ours: the module preloads of a build carry no nonce.
        scriptSrc: ["'self'", (_req, res) => `'nonce-${requestState(res as Response).cspNonce}'`],
        scriptSrcAttr: ["'none'"],
        // antd and the charts set style attributes, which no nonce can allow.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only where the site is reached by https; elsewhere it would lock people out.
    strictTransportSecurity: isHttps ? { maxAge: HSTS_SECONDS, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Browsers log a warning when they cannot honour it, and it protects nothing here.
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
  });
}
