/** The rows of the tables in one section of a Markdown text, each as its cells; the section ends at the next heading. */
export function readTableRows(markdown: string, heading: string): readonly (readonly string[])[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '').trim() === heading);
  if (start < 0) return [];
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  return section.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** The names in backticks that open the rows of a table, without labels in braces: `` `name{label}` `` gives `name`. */
export function readRowNames(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.flatMap(([cell]) => {
    const name = /^`([A-Za-z_0-9]+)(\{[^}]*\})?`$/.exec(cell ?? '')?.[1];
    return name === undefined ? [] : [name];
  });
}

/** Names that stand in one list only, with what to do. */
export function compareNames(code: readonly string[], document: readonly string[], place: string): readonly string[] {
  const missing = code.filter((name) => !document.includes(name)).map((name) => `${name} is in the code, not in ${place}. Add its row.`);
  const left = document.filter((name) => !code.includes(name)).map((name) => `${name} is in ${place}, not in the code. Remove its row.`);
  const twice = document.filter((name, index) => document.indexOf(name) !== index).map((name) => `${name} is in ${place} twice.`);
  return [...missing, ...left, ...twice];
}

/** Paths that a Markdown text names and that do not exist. Patterns and placeholders (`*`, `<area>`, `…`) name no file. */
export function findDeadPaths(file: string, markdown: string, exists: (path: string) => boolean): readonly string[] {
  const prose = markdown.replace(/```[\s\S]*?```/g, '');
  const inBackticks = [...prose.matchAll(/`((?:app|server|db|tests|scripts|docs|deploy|\.ci)\/[^`\s]*)`/g)].map(([, path]) => path ?? '');
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  const linked = [...prose.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, path]) => path ?? '').filter((path) => !/^[a-z]+:/.test(path));
  const paths = [...inBackticks, ...linked.map((path) => new URL(path, `file:///${folder}`).pathname.slice(1))];
  return paths
    .filter((path) => !/[*<>…{]|NNNN/.test(path) && !exists(path))
    .map((path) => `${file} names ${path}, which does not exist. Name the right path.`);
}
