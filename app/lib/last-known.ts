import { useEffect } from 'react';

/**
 * A hook that gives the last value that was known while there is none: a server that is away must not take the navigation,
 * the language and the theme with it. Remembers in the browser only, where there is one visitor.
 */
export function createLastKnown<T>(): (value: T | undefined) => T | undefined {
  let lastKnown: T | undefined;
  return function useLastKnown(value) {
    useEffect(() => {
      if (value !== undefined) lastKnown = value;
    }, [value]);
    return value ?? lastKnown;
  };
}
