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
  /** Resolves when it has ended, whoever ended it. */
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

/** Starts a proxy before these processes and waits until it listens. Rejects with its last words when it does not. */
export async function startProxy({ kind, program, port, backends, folder }: ProxyOptions): Promise<Proxy> {
  const file = path.join(folder, `${kind}.cfg`);
  const write = (ready: readonly boolean[]): void =>
    writeFileSync(
      file,
      proxyConfig(
        kind,
        port,
        backends.map((backend, at) => ({ ...backend, isDown: !ready[at] })),
      ),
    );
  write(backends.map(() => true));
  // Workers of nginx are nobody's, and go through the folder.
  chmodSync(folder, 0o755);
  // In a group of its own: Ctrl-C reaches it through this program, once.
  const child = spawn(program, [...argumentsOf(kind, folder, file)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let words = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk) => (words = (words + String(chunk)).slice(-2_000)));
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
  const url = `http://127.0.0.1:${port}`;
  await untilListens(
    url,
    () => isOver,
    () => words,
  );
  const stopWatch =
    kind === 'nginx'
      ? watchReadiness(
          backends.map(({ opsPort }) => opsPort),
          (ready) => {
            write(ready);
            child.kill('SIGHUP');
          },
        )
      : (): void => undefined;
  const stop = async (): Promise<void> => {
    stopWatch();
    child.kill('SIGTERM');
    await ended;
  };
  return { pid: child.pid ?? 0, url, ended, stop };
}

async function untilListens(url: string, isOver: () => boolean, words: () => string): Promise<void> {
  const giveUpAtMs = performance.now() + listensMsMax;
  for (;;) {
    const isThere = await fetch(`${url}/ready`).then(
      async (answer) => (await answer.text(), answer.ok),
      () => false,
    );
    if (isThere) return;
    if (isOver()) throw new Error(`the proxy ended before it listened:\n${words()}`);
    if (performance.now() > giveUpAtMs) throw new Error(`the proxy reaches no process:\n${words()}`);
    await wait(50);
  }
}
