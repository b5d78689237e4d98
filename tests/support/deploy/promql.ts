import { parser } from '@prometheus-io/lezer-promql';

export interface LabelMatcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
}

/** What a PromQL query asks for. */
export interface Query {
  readonly selectors: readonly Selector[];
  /** Of `by`, `on`, `group_left` and their like, each once. */
  readonly groupedLabels: readonly string[];
}

const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\$__rate_interval|\$__range|\$__interval/g, '5m'],
  [/\$(job|instance|datasource)/g, 'x'],
];

/** A query of the board as Prometheus gets it. */
export function fillVariables(query: string): string {
  return VARIABLES.reduce((text, [pattern, value]) => text.replaceAll(pattern, value), query);
}

/** Reads a query by Prometheus' own grammar for editors; throws where it is not one. */
export function parseQuery(text: string): Query {
  const selectors: { metric: string; matchers: LabelMatcher[] }[] = [];
  const groupedLabels = new Set<string>();
  const tree = parser.parse(text);
  tree.iterate({
    enter: ({ node, type, from, to }) => {
      const own = text.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${text}`);
      if (type.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        selectors.push({ metric: name ? text.slice(name.from, name.to) : '', matchers: [] });
      }
      if (type.name === 'UnquotedLabelMatcher') {
        const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(own) ?? [];
        selectors.at(-1)?.matchers.push({ label, operator, value });
      }
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') groupedLabels.add(own);
    },
  });
  return { selectors, groupedLabels: [...groupedLabels] };
}
