import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createClient } from '@redis/client';
import { claimPort, eventually } from '@colloquy/testkit';

/** Where redis-server is; null when this machine has none. */
export const redisProgram: string | null =
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find((program) => existsSync(program)) ?? null;

/** A Redis of the test's own, which keeps nothing on disk. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  flush(): Promise<void>;
  /** It answers nothing until it goes on. */
  stopAnswering(): void;
  goOn(): void;
  /** Killed with all that it held. */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
}

export async function startRedis(program: string): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-redis-'));
  const port = await claimPort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    child = spawn(program, options, { stdio: 'ignore' });
    await eventually('Redis answers', () => ask(url, (client) => client.ping()).catch(() => null), 10_000);
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    flush: async () => void (await ask(url, (client) => client.flushAll())),
    stopAnswering: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    kill,
    startAgain: start,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask<Answer>(
  url: string,
  question: (client: ReturnType<typeof createClient>) => Promise<Answer>,
): Promise<Answer> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 1_000 } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await question(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}
