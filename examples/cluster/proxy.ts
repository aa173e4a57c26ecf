import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { proxyConfig, proxyKinds } from './proxy-config.ts';
import type { Backend, ProxyKind } from './proxy-config.ts';
import { watchReadiness } from './readiness-watch.ts';

/** A proxy that is on this machine. */
export interface FoundProxy {
  readonly kind: ProxyKind;
  readonly program: string;
}

/** A running proxy. */
export interface Proxy {
  readonly pid: number;
  readonly url: string;
  /** Resolves when it has ended, for any reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface ProxyOptions extends FoundProxy {
  readonly port: number;
  readonly backends: readonly Backend[];
  /** For its configuration; it must be there. */
  readonly folder: string;
}

const listensMsMax = 10_000;
const wordsCharsMax = 2_000;

/** The first of these proxies that is on this machine; nothing when there is none. */
export function findProxy(kinds: readonly ProxyKind[] = proxyKinds): FoundProxy | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const kind of kinds) {
    const program = folders.map((folder) => path.join(folder, kind)).find(isProgram);
    if (program !== undefined) return { kind, program };
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The arguments that make a proxy stay in the foreground with this configuration. */
export function argumentsOf(kind: ProxyKind, folder: string, file: string): readonly string[] {
  if (kind === 'haproxy') return ['-db', '-f', file];
  const inFolder = (name: string): string => path.join(folder, name);
  return ['-p', folder, '-e', inFolder('errors.log'), '-g', `daemon off; pid ${inFolder('pid')};`, '-c', file];
}

/** Starts a proxy before these processes and waits until it reaches one. Rejects with its last words when it does not. */
export async function startProxy({ kind, program, port, backends, folder }: ProxyOptions): Promise<Proxy> {
  const file = path.join(folder, `${kind}.cfg`);
  const write = (ready: readonly boolean[]): void => {
    const now = backends.map((backend, at) => ({ ...backend, isDown: ready[at] === false }));
    writeFileSync(file, proxyConfig(kind, port, now));
  };
  write([]);
  // Workers of nginx run as the account nobody, and go through the folder.
  chmodSync(folder, 0o755);
  const running = launch(program, argumentsOf(kind, folder, file));
  const url = `http://127.0.0.1:${port}`;
  await untilListens(url, running).catch(async (error: unknown) => {
    await running.end('SIGTERM');
    throw error;
  });
  const reload = (ready: readonly boolean[]): void => {
    write(ready);
    running.signal('SIGHUP');
  };
  const opsPorts = backends.map(({ opsPort }) => opsPort);
  const endWatch = kind === 'nginx' ? watchReadiness(opsPorts, reload) : (): void => undefined;
  const stop = (): Promise<void> => {
    endWatch();
    return running.end('SIGTERM');
  };
  return { pid: running.pid, url, ended: running.ended, stop };
}

/** A program that was started, whatever became of it. */
interface Running {
  readonly pid: number;
  readonly ended: Promise<void>;
  /** The last of what it printed. */
  readonly words: () => string;
  readonly isOver: () => boolean;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

function launch(program: string, argv: readonly string[]): Running {
  // In a group of its own: Ctrl-C reaches it through this program, once.
  const child = spawn(program, [...argv], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let words = '';
  const keep = (chunk: unknown): void => void (words = (words + String(chunk)).slice(-wordsCharsMax));
  for (const output of [child.stdout, child.stderr]) output.on('data', keep);
  const orphan = (): unknown => child.kill('SIGTERM');
  process.once('exit', orphan);
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      process.off('exit', orphan);
      resolve();
    };
    child.once('error', end);
    child.once('close', end);
  });
  return {
    pid: child.pid ?? 0,
    ended,
    words: () => words,
    isOver: () => isOver,
    signal: (signal) => void child.kill(signal),
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function untilListens(url: string, { isOver, words }: Running): Promise<void> {
  const deadlineMs = performance.now() + listensMsMax;
  for (;;) {
    const isThere = await fetch(`${url}/ready`).then(
      async (answer) => (await answer.text(), answer.ok),
      () => false,
    );
    if (isThere) return;
    if (isOver()) throw new Error(`the proxy ended before it listened:\n${words()}`);
    if (performance.now() > deadlineMs) throw new Error(`the proxy reaches no process:\n${words()}`);
    await wait(50);
  }
}
