import type { FastifyInstance } from 'fastify';
import {
  registerAuditMetrics,
  registerInstanceMetrics,
  registerQueueMetrics,
  registerEventMetrics,
  registerUsageMetrics,
} from '../adapters/telemetry/index.ts';
import type { Config } from '../config/config.ts';
import { limits } from '../kernel/limits.ts';
import { Acceptors, createHttpServer, PageRules, renewTls, RequestOrigins } from '../surfaces/http/index.ts';
import type { ListenAddress } from '../surfaces/http/index.ts';
import type { GrpcServer } from '../surfaces/grpc/index.ts';
import { registerHealth, registerMetrics } from '../surfaces/ops/index.ts';
import { callerChecks } from './authentication.ts';
import { serveControlPlane } from './control-plane/surfaces.ts';
import { serveDataPlane } from './data-plane/surfaces.ts';
import type { Database } from './database.ts';
import type { Parts } from './parts.ts';

/** The public server and the one for operators. Neither listens yet. */
export interface Servers {
  readonly main: FastifyInstance;
  readonly ops: FastifyInstance;
  /** Null: off, or not a role of this process. */
  readonly grpc: GrpcServer | null;
  /** Makes the main server listen. Rejects when the address is in use. */
  listen(address: ListenAddress): Promise<void>;
  /** Reports at `/ready` that this process is leaving; it still serves. */
  announceLeave(): void;
  close(): Promise<void>;
}

export async function createServers(parts: Parts): Promise<Servers> {
  const { config, clock, ids, log, metrics, publicUrl } = parts.foundation;
  const { certificates, authentication, dataPlane } = parts;
  const { limiter } = dataPlane.limits;
  const { ranges: proxies, fields: families } = config.proxies;
  const origins = new RequestOrigins({ proxies, families, authorities: certificates.authorities });
  const base = { clock, ids, log, metrics, origins, publicUrl };
  const tls = certificates.tlsOf('http');
  const { corsOrigins } = config.http;
  const { callerOf, assertStillIn } = callerChecks(parts.foundation, authentication, limiter);
  const main = createHttpServer({
    ...base,
    pages: new PageRules({ corsOrigins, hosts: knownHosts(config, config.http.host, publicUrl) }),
    ...(tls === null ? {} : { tls }),
    admitUnauthenticated: (network) => limiter.admitUnauthenticated(network),
    assertStillIn,
  });
  // Over TLS Node's own servers accept: an ended connection, also one that ends before its handshake, would otherwise stay half open for ever.
  const acceptors = new Acceptors(main.server, tls === null, limits.acceptors);
  const opsHosts = knownHosts(config, config.ops.host, publicUrl);
  const ops = createHttpServer({ ...base, pages: new PageRules({ corsOrigins: [], hosts: opsHosts }) });
  registerOperations(parts, main, ops);
  if (config.roles.has('control')) await serveControlPlane(main, parts, callerOf);
  const isGateway = config.roles.has('gateway');
  const grpc = isGateway ? await serveDataPlane(main, parts, { callerOf, assertStillIn, origins }) : null;
  certificates.watch((listener, renewed) => {
    if (listener === 'http') renewTls(main.server, renewed);
    else grpc?.renewTls(renewed);
  });
  return {
    main,
    ops,
    grpc,
    async listen(address) {
      // Nothing may wait between the check of the address and the listening.
      await main.ready();
      await acceptors.listen(address, (free) => main.listen({ ...free }));
    },
    announceLeave: () => main.openRequests.announceLeave(),
    async close() {
      await Promise.all([main.close(), acceptors.close(), ops.close(), grpc?.close()]);
    },
  };
}

/** Health on both servers, metrics on the one for operators. */
function registerOperations(
  { foundation, certificates, duties, dataPlane }: Parts,
  main: FastifyInstance,
  ops: FastifyInstance,
): void {
  const { database, metrics } = foundation;
  const { engine } = dataPlane;
  const readiness = async () => ({
    database: await isReachable(database),
    lease: engine.lease.isHeld,
    staying: !main.openRequests.isAnnounced,
  });
  registerHealth(main, { readiness });
  registerHealth(ops, { readiness, warnings: () => duties.seals.warnings() });
  metrics.watchCertificates(() => certificates.shown);
  registerAuditMetrics(metrics.registry, () => duties.seals.state);
  registerInstanceMetrics(metrics.registry, () => duties.instances.watch.counts);
  registerUsageMetrics(metrics.registry, () => engine.usageReports.malformed);
  registerEventMetrics(metrics.registry, () => engine.eventDeliveries);
  registerQueueMetrics(metrics.registry, () => engine.queue.totals);
  registerMetrics(ops, { expose: () => metrics.expose() });
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** The host names that a listener of this machine alone answers to; null: any, since other machines reach it. */
function knownHosts({ http }: Config, host: string, publicUrl: string): ReadonlySet<string> | null {
  const isLocal = loopbackNames.includes(host) || host === '::1' || host.startsWith('127.');
  return isLocal ? new Set([...loopbackNames, host, new URL(publicUrl).hostname, ...http.allowedHosts]) : null;
}

async function isReachable(database: Database): Promise<boolean> {
  try {
    await database.readers.query('select 1');
    return true;
  } catch {
    return false;
  }
}
