/** What a value outside a closed set is counted as. */
export const OTHER = 'other';

/** `values` and `other`, each once: the closed list of a label. */
export function withOther(values: readonly string[]): readonly string[] {
  return [...new Set([...values, OTHER])];
}

/** Makes the function that folds every value outside `values` into `other`. */
export function closedSet(values: readonly string[]): (value: string) => string {
  const known = new Set(values);
  return (value) => (known.has(value) ? value : OTHER);
}
