/**
 * Three gateways and two workers of one platform on this machine, behind haproxy or nginx, with the two tenants and four agents of the demo.
 *
 *   npm run cluster                       until Ctrl-C
 *   npm run cluster -- --proxy=nginx      with this proxy
 *   npm run cluster -- --gateways=5       with other numbers of processes; --workers likewise
 *   npm run cluster -- --restart          restarts the processes one after the other, and ends
 *   kill -USR2 <pid>                      the same, while it runs
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { firstSignal } from '../demo/first-signal.ts';
import { bold, cyan, dim, red, say, step } from '../demo/screen.ts';
import { registerAgents, seedTenants } from '../demo/seed.ts';
import type { DemoTenant } from '../demo/seed.ts';
import { demoDataDir, platformEnvironment, sampleAgents, startAgent } from '../demo/system.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { processesMax, readFlags } from './flags.ts';
import type { ClusterFlags } from './flags.ts';
import { findProxy } from './proxy.ts';
import type { FoundProxy } from './proxy.ts';
import { proxyKinds } from './proxy-config.ts';

/** As tools end that were called in a way that they do not know. */
const misusedStatus = 2;
const preferredPort = 4_800;
/** Things to stop, the last started first. */
const running = new AsyncDisposableStack();
/** Who is interrupted while the cluster starts waits for it, to end all of it in order. */
let starting: Promise<unknown> = Promise.resolve();

// What starts nothing ends by itself. `process.exit` hangs now and then in so young a process: it waits for threads that compile, and one of these
// may wait for the main thread to collect garbage (nodejs/node#54918).
const flags = readFlags(process.argv.slice(2));
if ('advice' in flags) {
  process.stderr.write(flags.advice);
  process.exitCode = misusedStatus;
} else await main(flags);

async function main(flags: ClusterFlags): Promise<void> {
  const { gateways, workers } = flags;
  const kinds = proxyKinds.filter((kind) => flags.proxy === undefined || kind === flags.proxy);
  const proxy = findProxy(kinds);
  if (proxy === undefined) {
    return refuse(
      `A cluster needs ${kinds.length === 0 ? proxyKinds.join(' or ') : kinds.join(' or ')} on this machine.`,
    );
  }
  if (![gateways, workers].every(isCount) || gateways === 0) {
    return refuse(`A cluster has 1 to ${processesMax} gateways and up to ${processesMax} workers.`);
  }
  process.exit(await run(flags, proxy));
}

function refuse(reason: string): void {
  say(reason);
  process.exitCode = 1;
}

async function run(flags: ClusterFlags, proxy: FoundProxy): Promise<number> {
  const dataDir =
    process.env['COLLOQUY_DATA_DIR'] ?? path.join(path.dirname(demoDataDir(process.env)), 'colloquy-cluster');
  try {
    return await Promise.race([show(flags, dataDir, proxy), interrupted()]);
  } catch (error) {
    say(`${red('The cluster failed:')} ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await starting.catch(() => undefined);
    await running.disposeAsync();
  }
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= processesMax;
}

function interrupted(): Promise<number> {
  return firstSignal(() => {
    say('\nStopping…');
    return 0;
  });
}

async function show(
  { gateways, workers, restart: isRestart }: ClusterFlags,
  dataDir: string,
  proxy: FoundProxy,
): Promise<number> {
  const started = startCluster({ proxy, gateways, workers, preferredPort, env: platformEnvironment(dataDir) });
  starting = started.then((cluster) => running.use(cluster));
  const cluster = await step(
    `${gateways} gateways, ${workers} workers, ${proxy.kind}`,
    () => started,
    ({ url }) => cyan(url),
  );
  const { url, replicas, proxyPid } = cluster;
  for (const { part, ports, pid } of replicas) {
    say(
      dim(
        `     ${part.padEnd(8)} http://127.0.0.1:${ports.http}   ops http://127.0.0.1:${ports.ops}   pid ${pid ?? 0}`,
      ),
    );
  }
  say(dim(`     ${proxy.kind.padEnd(8)} ${url}   pid ${proxyPid}`));
  const [tenant] = await step(
    'two tenants, four agents',
    () => seed(url, dataDir),
    (both) => both.map(({ slug }) => slug).join(', '),
  );
  const restart = (): Promise<void> =>
    step(
      'a rolling restart',
      () => cluster.restartAll(),
      () => 'every process is new',
    );
  if (isRestart) {
    await restart();
    return 0;
  }
  process.on('SIGUSR2', () => void restart().catch((error: unknown) => say(red(String(error)))));
  await showWaysIn(cluster, tenant);
  say(red(`\n${await cluster.lost}; stopping.`));
  return 1;
}

async function seed(url: string, dataDir: string): Promise<readonly [DemoTenant, DemoTenant]> {
  const tenants = await seedTenants({ url, dataDir });
  const agents = await Promise.all(
    sampleAgents.map(async ({ name }) => {
      const agent = await startAgent(name, url);
      running.defer(() => agent.stop());
      return [name, agent.ready] as const;
    }),
  );
  for (const tenant of tenants) await registerAgents(tenant, new Map(agents));
  return tenants;
}

async function showWaysIn({ url }: Cluster, { slug, client }: DemoTenant): Promise<void> {
  const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: '30 words, please' }] };
  const body = JSON.stringify({ message });
  say(`\n  ${bold('Try')} ${dim('a stream, and end one of the processes meanwhile:')}\n`);
  say(
    `curl -N ${url}/t/${slug}/agents/slow-streamer/message:stream -H 'Content-Type: application/json' -H 'A2A-Version: 1.0' \\`,
  );
  say(`  -H 'Authorization: Bearer ${await client.token()}' \\\n  -d '${body}'`);
  say(
    dim(
      '\n  It ends with the process that it came through. Run the same again: the task went on, and all of it is told.',
    ),
  );
  say(`\n  ${dim('All of them anew, one after the other:')} kill -USR2 ${process.pid}`);
  say(`\n${dim('Ctrl-C stops everything; the data stays for the next start.')}`);
}
