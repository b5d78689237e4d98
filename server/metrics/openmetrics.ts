const COUNTER_LINE = /^# TYPE (\S+) counter$/gm;
const FAMILY_LINE = /^# (HELP|TYPE) (\S+) (.*)$/gm;

/**
 * Turns text 0.0.4 into OpenMetrics 1.0. Families of counters lose their `_total` (samples keep it), `untyped` becomes
 * `unknown`, quotes in help texts are escaped, blank lines go, `# EOF` ends it. prom-client can render OpenMetrics
 * itself, but a registry that has done so once prints wrong counter names in text 0.0.4 for ever after.
 */
export function toOpenMetrics(text: string): string {
  const counters = new Set([...text.matchAll(COUNTER_LINE)].map(([, name]) => name));
  const converted = text.replaceAll(FAMILY_LINE, (_line, keyword: string, name: string, rest: string) => {
    const family = counters.has(name) ? name.replace(/_total$/, '') : name;
    const value = keyword === 'HELP' ? rest.replaceAll('"', '\\"') : rest === 'untyped' ? 'unknown' : rest;
    return `# ${keyword} ${family} ${value}`;
  });
  return `${converted.replaceAll(/^\n+|\n+$/g, '').replaceAll(/\n{2,}/g, '\n')}\n# EOF\n`;
}
