import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Lets plain Node import `file?raw` as Vite does: the text of the file. Import this before anything that does so. */
registerHooks({
  load: (url, context, nextLoad) => {
    if (!url.endsWith('?raw')) return nextLoad(url, context);
    const text = readFileSync(new URL(url.slice(0, -'?raw'.length)), 'utf8');
    return { format: 'module', source: `export default ${JSON.stringify(text)};`, shortCircuit: true };
  },
});
