import { startPlatform } from '@colloquy/bench/process/platform';
import type { Platform, PlatformEnv } from '@colloquy/bench/process/platform';
import type { WorkFolder } from '@colloquy/bench/process/work-folder';
import type { Kill } from './checks/evidence.ts';
import type { RunDatabase } from '@colloquy/bench/process/database';

/** One place where a platform process runs, is killed, and runs again at the same address. */
export interface Seat {
  readonly url: string;
  /** Starts the process and learns under which node it works. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<Kill>;
  /** SIGSTOP: the process is there, and its connections are; it does nothing until `thaw`. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  stop(): Promise<void>;
}

export interface SeatOptions {
  readonly database: RunDatabase;
  readonly folder: WorkFolder;
  readonly env: PlatformEnv;
}

export function createSeat(port: number, options: SeatOptions): Seat {
  const { database, folder, env } = options;
  const url = addressOf(port);
  let platform: Platform | undefined;
  let node = '';
  let starts = 0;
  return {
    url,
    async start() {
      starts += 1;
      const logFile = folder.file(`platform-${port}-${starts}.log`);
      platform = await startPlatform({ ...env, COLLOQUY_HTTP_PORT: String(port), COLLOQUY_OPS_PORT: '0' }, logFile);
      node = uuidDigits(String(platform.program.ready['nodeId']));
    },
    async kill() {
      const atMs = Date.now();
      await platform?.program.kill();
      const [row] = await database.read<{ tasks: number }>(
        'select count(*)::int as tasks from colloquy.tasks where node_id = $1::uuid',
        [node],
      );
      return { kind: 'kill', tasksInFlight: row?.tasks ?? 0, atMs, takenAfterMs: null };
    },
    freeze: () => void process.kill(platform?.program.pid ?? 0, 'SIGSTOP'),
    thaw: () => void process.kill(platform?.program.pid ?? 0, 'SIGCONT'),
    async stop() {
      await platform?.program.stop();
    },
  };
}

/** The digits of an id, which PostgreSQL reads as a uuid. */
const uuidDigits = (id: string): string => id.replace(/^[a-z]{3}_/, '');

export const addressOf = (port: number): string => `http://127.0.0.1:${port}`;
