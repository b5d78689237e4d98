import { createContext, useContext } from 'react';

const NonceContext = createContext<string | undefined>(undefined);

/** Gives inline scripts the nonce of the response; absent in the browser, which hides nonces from scripts. */
export const NonceProvider = NonceContext.Provider;

/** The nonce of this response for inline scripts. */
export function useNonce(): string | undefined {
  return useContext(NonceContext);
}
