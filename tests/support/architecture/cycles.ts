import type { Import } from './imports.ts';

/** Each cycle of files that load one another, as `a -> b -> a`. Types and dynamic imports make no cycle. */
export function findCycles(imports: readonly Import[]): readonly string[] {
  const edges = groupEdges(imports);
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      cycles.push([...trail.slice(start), file].join(' -> '));
      return;
    }
    if (finished.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    finished.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles.map((cycle) => `${cycle}. Move what they share into a file that imports neither.`);
}

function groupEdges(imports: readonly Import[]): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, string[]>();
  for (const { from, target, isTypeOnly, isDynamic } of imports) {
    if (target === null || isTypeOnly || isDynamic) continue;
    edges.set(from, [...(edges.get(from) ?? []), target]);
  }
  return edges;
}
