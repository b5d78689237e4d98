import { startEmbeddedPostgres } from '#db/embedded.ts';

/** A process of its own that starts the embedded Postgres, tells about it in one JSON line, and stops it on SIGTERM. */
// Commits are as durable as in earnest, short of a power cut.
const dataDir = process.argv[2] ?? '';
const progress: string[] = [];
try {
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' }, onProgress: (line) => progress.push(line) });
  process.once('SIGTERM', () => void server.stop());
  console.log(JSON.stringify({ url: server.url, postmasterPid: server.pid(), wasRecovered: server.wasRecovered, progress }));
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error), progress }));
}
