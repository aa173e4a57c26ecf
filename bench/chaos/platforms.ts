import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startPlatform } from '../process/platform.ts';
import type { Platform, PlatformEnv } from '../process/platform.ts';
import type { WorkFolder } from '../process/work-folder.ts';
import type { RunDatabase } from './database.ts';

/** One place where a platform process runs, is killed, and runs again at the same address. */
export interface Seat {
  readonly url: string;
  /** Starts the process and learns under which node it works. */
  start(): Promise<void>;
  /** SIGKILL; answers how many tasks the process was working on when it died. */
  kill(): Promise<number>;
  stop(): Promise<void>;
}

export interface SeatOptions {
  readonly database: RunDatabase;
  readonly folder: WorkFolder;
  readonly env: PlatformEnv;
}

export async function createSeat(index: number, options: SeatOptions): Promise<Seat> {
  const { database, folder, env } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let platform: Platform | undefined;
  let nodes: readonly string[] = [];
  let starts = 0;
  return {
    url,
    async start() {
      const before = new Set(await nodeIds(database));
      starts += 1;
      const logFile = folder.file(`platform-${index}-${starts}.log`);
      platform = await startPlatform({ ...env, COLLOQUY_HTTP_PORT: String(port), COLLOQUY_OPS_PORT: '0' }, logFile);
      if (new URL(platform.url).origin !== url) throw new Error(`the platform serves ${platform.url}, not ${url}`);
      nodes = (await nodeIds(database)).filter((node) => !before.has(node));
      if (nodes.length === 0) throw new Error('the platform is ready without a node');
    },
    async kill() {
      await platform?.program.kill();
      const [row] = await database.read<{ tasks: number }>(
        'select count(*)::int as tasks from colloquy.tasks where node_id::text = any($1)',
        [nodes],
      );
      return row?.tasks ?? 0;
    },
    async stop() {
      await platform?.program.stop();
    },
  };
}

async function nodeIds(database: RunDatabase): Promise<string[]> {
  const rows = await database.read<{ node: string }>('select node_id::text as node from colloquy.nodes');
  return rows.map(({ node }) => node);
}

/** A port that nobody uses now. The platform must come back at the same address after each kill. */
async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
