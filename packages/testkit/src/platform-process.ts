import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ColloquyClient } from '@colloquy/sdk/client';
import type { TestDatabase } from './test-database.ts';
import { testEnvironment } from './test-environment.ts';
import { clientAt } from './test-tenants.ts';
import type { TestCredentials } from './test-tenants.ts';

export interface PlatformProcessOptions {
  readonly database: Pick<TestDatabase, 'adminUrl'>;
  /** More variables of the environment, over the test's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A platform that runs as it does in production, in a process of its own, so that it can be killed. */
export interface PlatformProcess extends AsyncDisposable {
  /** Where this node listens. Its public address may be another: that of all nodes together. */
  readonly url: string;
  readonly opsUrl: string;
  readonly nodeId: string;
  readonly pid: number | undefined;
  /** Everything it printed so far. */
  readonly logLines: readonly string[];
  /** A client, made at whichever node of this database, that calls this one. */
  clientOf(credentials: TestCredentials): ColloquyClient;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: the process does nothing, and does not notice, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

interface Ready {
  readonly localUrl: string;
  readonly opsUrl: string;
  readonly nodeId: string;
}

const main = fileURLToPath(import.meta.resolve('@colloquy/server/main'));
const readyMsMax = 60_000;

/** Starts a platform as a child process; it is killed when it is disposed of, or when this process ends. */
export async function startPlatformProcess(options: PlatformProcessOptions): Promise<PlatformProcess> {
  // Nothing of the run's own environment: what the platform does not know it refuses.
  const env = { PATH: process.env['PATH'] ?? '', ...testEnvironment(options.database, options.env) };
  const child = spawn(process.execPath, ['--conditions=source', main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'close');
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  const kill = async (): Promise<void> => {
    killNow();
    await gone;
    process.off('exit', killNow);
  };
  const logLines: string[] = [];
  const ready = Promise.withResolvers<Ready>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      logLines.push(line);
      const announced = readyOf(line);
      if (announced !== undefined) ready.resolve(announced);
    });
  }
  const fail = (why: string): void =>
    ready.reject(new Error(`The platform ${why} before it was ready:\n${logLines.join('\n')}`));
  void gone.then(() => fail('ended'));
  const timer = setTimeout(() => fail('was too slow'), readyMsMax);
  try {
    const { localUrl: url, opsUrl, nodeId } = await ready.promise;
    return {
      url,
      opsUrl,
      nodeId,
      pid: child.pid,
      logLines,
      clientOf: (credentials) => clientAt(url, credentials),
      kill,
      freeze: () => void child.kill('SIGSTOP'),
      thaw: () => void child.kill('SIGCONT'),
      [Symbol.asyncDispose]: kill,
    };
  } catch (error) {
    await kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function readyOf(line: string): Ready | undefined {
  if (!line.includes('"msg":"ready"')) return undefined;
  // Written by our own logger.
  return JSON.parse(line) as Ready;
}
