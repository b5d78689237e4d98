/** Tags of Telegram's HTML that readings use. */
export type TextTag = 'b' | 'i' | 'code' | 'pre';

/** A stretch of visible text and the tags around it, outermost first. */
export interface TextRun {
  readonly text: string;
  readonly tags: readonly TextTag[];
}

/** The visible text of runs. */
export function plainText(runs: readonly TextRun[]): string {
  return runs.map((run) => run.text).join('');
}

/** Text that Telegram's HTML mode shows as it is. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Runs as Telegram's HTML: every tag closed, everything else escaped. */
export function renderHtml(runs: readonly TextRun[]): string {
  return joinAlike(runs)
    .map((run) => run.tags.reduceRight((html, tag) => `<${tag}>${html}</${tag}>`, escapeHtml(run.text)))
    .join('');
}

function joinAlike(runs: readonly TextRun[]): TextRun[] {
  const joined: TextRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last && last.tags.join() === run.tags.join()) joined[joined.length - 1] = { text: last.text + run.text, tags: last.tags };
    else if (run.text !== '') joined.push(run);
  }
  return joined;
}

/** The runs of the visible characters [from, to), counted in UTF-16 units. */
export function sliceRuns(runs: readonly TextRun[], from: number, to: number): TextRun[] {
  const sliced: TextRun[] = [];
  let start = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - start), Math.max(0, to - start));
    if (text !== '') sliced.push({ text, tags: run.tags });
    start += run.text.length;
  }
  return sliced;
}
