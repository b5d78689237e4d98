/** A query with some parameters set anew, or removed (null): `?…`, or nothing when none is left. */
export function changeQuery(search: string, changes: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
