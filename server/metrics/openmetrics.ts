const FAMILY_LINE = /^# (HELP|TYPE) (\S+) (.*)$/;

/**
 * Turns text 0.0.4 into OpenMetrics 1.0. Families of counters lose their `_total` (samples keep it), `untyped` becomes
 * `unknown`, quotes in help texts are escaped, blank lines go, `# EOF` ends it. prom-client can render OpenMetrics
 * itself, but a registry that has done so once prints wrong counter names in text 0.0.4 for ever after.
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set<string>();
  for (const line of lines) {
    const [, keyword, name, rest] = FAMILY_LINE.exec(line) ?? [];
    if (keyword === 'TYPE' && name !== undefined && rest === 'counter') counters.add(name);
  }
  const converted = lines.map((line) => {
    const [, keyword, name, rest] = FAMILY_LINE.exec(line) ?? [];
    if (keyword === undefined || name === undefined || rest === undefined) return line;
    const family = counters.has(name) ? name.replace(/_total$/, '') : name;
    const value = keyword === 'HELP' ? rest.replaceAll('"', '\\"') : rest === 'untyped' ? 'unknown' : rest;
    return `# ${keyword} ${family} ${value}`;
  });
  return `${converted.join('\n')}\n# EOF\n`;
}
