/** Parameters of a URL as an input takes them, those that are not given left out; null where one is given twice. */
export function readParameters<Name extends string>(query: URLSearchParams, names: readonly Name[]): Partial<Record<Name, string>> | null {
  if (names.some((name) => query.getAll(name).length > 1)) return null;
  const read: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = query.get(name);
    if (value !== null) read[name] = value;
  }
  return read;
}
