/**
 * One platform process as the embedded PostgreSQL sees it: it uses the server in the data directory of its first argument, says
 * what happens in lines of JSON, and leaves when its input ends.
 */
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';

function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

try {
  const [dataDir = ''] = process.argv.slice(2);
  const server = await startEmbeddedPostgres({ dataDir, onEvent: ({ kind }) => say({ kind }) });
  say({ kind: 'up', adminUrl: server.adminUrl, port: server.port, adopted: server.adopted });
  process.stdin.resume().once('end', () => void server.stop().then(() => say({ kind: 'left' })));
} catch (error) {
  say({ kind: 'failed', code: error instanceof EmbeddedPostgresError ? error.code : String(error) });
}
