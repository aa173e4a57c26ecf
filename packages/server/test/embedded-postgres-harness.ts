import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { identifyProcess } from '../src/adapters/embedded-postgres/process-identity.ts';
import { stopPostmaster } from '../src/adapters/embedded-postgres/shutdown.ts';

const waitMsMax = 15_000;

/** A directory that every user may pass through. At the end a server that a failed test left in it is stopped, and it is removed. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'colloquy-'));
  await chmod(path, 0o755);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await stopPostmaster(join(path, 'cluster'));
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export interface PlatformLine {
  readonly kind: string;
  readonly adminUrl?: string;
  readonly port?: number;
  readonly adopted?: boolean;
  readonly code?: string;
}

function isPlatformLine(value: unknown): value is PlatformLine {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** A process of its own that uses the embedded server. */
export class PlatformProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: PlatformLine[] = [];

  constructor(dataDir: string, options: { readonly program?: string; readonly uid?: number } = {}) {
    const program = options.program ?? fileURLToPath(new URL('embedded-postgres-user.ts', import.meta.url));
    const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
    this.#child = spawn(process.execPath, ['--conditions=source', program, dataDir], {
      ...identity,
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: '/',
    });
    if (this.#child.stdout === null) throw new Error('The child has no output.');
    createInterface(this.#child.stdout).on('line', (line) => {
      const said: unknown = JSON.parse(line);
      if (isPlatformLine(said)) this.#lines.push(said);
    });
  }

  /** The first line of this kind, as soon as it is said. */
  async said(kind: string): Promise<PlatformLine> {
    return eventually(`the process says '${kind}'`, () => this.#lines.find((line) => line.kind === kind));
  }

  async leave(): Promise<void> {
    this.#child.stdin?.end();
    await this.said('left');
    await this.#ended();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}

/** Polls until `probe` gives a value; fails with `what` after a bound. */
export async function eventually<Value>(
  what: string,
  probe: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = performance.now() + waitMsMax;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${waitMsMax} ms in vain until ${what}.`);
    await pause(10);
  }
}

/** Process id of the server on this data directory, from its pid file; the process may be gone. */
export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

/** False also for a process that has ended and waits to be collected by its parent. */
export function isAlive(pid: number): boolean {
  return identifyProcess(pid) !== undefined;
}

/** Runs `work` on a connection of its own. */
export async function withConnection<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function runSql(url: string, sql: string): Promise<unknown[][]> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows;
  });
}
