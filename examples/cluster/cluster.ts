import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { claimPort, isFree } from '@colloquy/testkit';
import { startProxy } from './proxy.ts';
import type { FoundProxy } from './proxy.ts';
import { Replica } from './replica.ts';
import type { Part } from './replica.ts';

export interface ClusterOptions {
  readonly proxy: FoundProxy;
  readonly gateways?: number;
  readonly workers?: number;
  /** Where the proxy listens, if that port is free; else somewhere else. */
  readonly preferredPort?: number;
  /** The environment of every process: its database, its secret key. Addresses and roles are the cluster's. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Several processes of one platform on this machine, behind a proxy. */
export interface Cluster extends AsyncDisposable {
  /** The platform's public address: the proxy's. */
  readonly url: string;
  /** The gateways first. */
  readonly replicas: readonly Replica[];
  readonly proxyPid: number;
  /** Resolves with a reason when something has ended by itself. */
  readonly lost: Promise<string>;
  /**
   * Ends every process in order and starts its successor before the next. What is asked for meanwhile comes after it. The proxy checks a
   * process a few times before it sends to it again, so the one after a gateway waits for that too; `isBack` waits in the place of the usual time.
   */
  restartAll(isBack?: (gateway: Replica) => Promise<void>): Promise<void>;
  /** Ends everything, a restart under way after the process that it is at; resolves when every process is gone. */
  stop(): Promise<void>;
}

/** After so long the proxies send to a process that is ready: two looks of half a second, and one that came too early. */
const backMs = 2_000;

/** Starts the processes, and the proxy when they are ready. What was started is ended when something does not start. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { proxy: found, gateways = 3, workers = 2, preferredPort } = options;
  await using undo = new AsyncDisposableStack();
  const count = gateways + workers;
  const ports = await Promise.all(Array.from({ length: 2 * count }, claimPort));
  const port = preferredPort !== undefined && (await isFree(preferredPort)) ? preferredPort : await claimPort();
  const env = clusterEnvironment(options.env, port);
  const replicas = Array.from({ length: count }, (_, at) => {
    const part: Part = at < gateways ? 'gateway' : 'worker';
    return new Replica({ part, env, ports: { http: ports[2 * at] ?? 0, ops: ports[2 * at + 1] ?? 0 } });
  });
  // All at once: each says for a while that it leaves.
  undo.defer(async () => void (await Promise.all(replicas.map((replica) => replica.stop()))));
  const [first, ...others] = replicas;
  // It prepares the database; the others find it ready.
  await first?.start();
  const starts = await Promise.allSettled(others.map((replica) => replica.start()));
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  const folder = mkdtempSync(path.join(tmpdir(), 'colloquy-proxy-'));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const backends = replicas
    .filter(({ part }) => part === 'gateway')
    .map(({ ports: { http, ops } }) => ({ port: http, opsPort: ops }));
  const proxy = await startProxy({ ...found, port, folder, backends });
  undo.defer(() => proxy.stop());
  const started = undo.move();
  let stopping: Promise<void> | undefined;
  let restarting = Promise.resolve();
  const restart = async (isBack: (gateway: Replica) => Promise<void>): Promise<void> => {
    for (const replica of replicas) {
      if (stopping !== undefined) return;
      await replica.restart();
      if (replica.part === 'gateway') await isBack(replica);
    }
  };
  const stop = (): Promise<void> => (stopping ??= restarting.catch(() => undefined).then(() => started.disposeAsync()));
  return {
    url: proxy.url,
    replicas,
    proxyPid: proxy.pid,
    lost: Promise.race([
      ...replicas.map(({ lost }) => lost),
      proxy.ended.then(() => `${found.kind} has ended by itself`),
    ]),
    restartAll: (isBack = () => wait(backMs)) =>
      (restarting = restarting.catch(() => undefined).then(() => restart(isBack))),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What makes several processes one platform: one public address, and the proxy believed by its address. */
function clusterEnvironment(env: ClusterOptions['env'], port: number): ClusterOptions['env'] {
  return {
    ...env,
    COLLOQUY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    COLLOQUY_TRUSTED_PROXIES: '127.0.0.1/32',
    // They say in a line of information that they are ready.
    COLLOQUY_LOG_LEVEL: 'info',
    COLLOQUY_HTTP_HOST: '127.0.0.1',
    COLLOQUY_OPS_HOST: '127.0.0.1',
    // The proxy is for HTTP; gRPC would need a port of its own there.
    COLLOQUY_GRPC_PORT: 'off',
  };
}
