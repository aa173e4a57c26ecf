import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@colloquy/testkit';
import { emptyHome } from './run-command.ts';

/** The installed command. */
export const launcher = fileURLToPath(new URL('../bin/colloquy.mjs', import.meta.url));

/** A platform that `colloquy up` runs, on a database of its own. */
export interface PlatformProcess extends AsyncDisposable {
  readonly url: string;
  /** `host:port`. */
  readonly grpcAddress: string;
  /** A configuration folder of its own, in which `init` keeps its profile. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs the installed command to its end, with the environment that the platform has. */
  run(...argv: readonly string[]): SpawnSyncReturns<string>;
  /** Kills the command without a chance to end what it started. */
  kill(): void;
  /** Asks it to stop and gives its exit status. */
  stop(): Promise<number>;
}

export async function startPlatformProcess(): Promise<PlatformProcess> {
  const database = await createTestDatabase();
  const env = {
    PATH: process.env['PATH'] ?? '',
    XDG_CONFIG_HOME: emptyHome(),
    DATABASE_URL: database.adminUrl,
    COLLOQUY_SECRET_KEY: randomBytes(32).toString('base64'),
    COLLOQUY_HTTP_PORT: '0',
    COLLOQUY_OPS_PORT: '0',
    COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
  };
  const child = spawn(process.execPath, [launcher, 'up', '--port', '0', '--json'], { env, detached: true });
  const closed = once(child, 'close') as Promise<[number]>;
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, grpcAddress = '' } = JSON.parse(line) as { url?: string; grpcAddress?: string };
  const stop = async (): Promise<number> => {
    child.kill('SIGTERM');
    return (await closed)[0];
  };
  const kill = (): void => {
    assert.ok(child.pid !== undefined);
    // The launcher and the command are one group; the platform has its own.
    process.kill(-child.pid, 'SIGKILL');
  };
  const dispose = async (): Promise<void> => {
    await stop();
    await database[Symbol.asyncDispose]();
  };
  if (url === undefined) await dispose();
  assert.ok(url !== undefined, line);
  const run = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [launcher, ...argv], { env, encoding: 'utf8' });
  return { url, grpcAddress, env, run, kill, stop, [Symbol.asyncDispose]: dispose };
}
