import { mendHttp2 } from '../adapters/http2/index.ts';
import { createIssuerStore } from '../adapters/postgres/access/issuer-store.ts';
import { announceAddress } from '../adapters/postgres/nodes/announce-address.ts';
import type { OtherNode } from '../adapters/postgres/nodes/announce-address.ts';
import { createMetrics } from '../adapters/telemetry/index.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { within } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import { createIdSource } from '../kernel/ids.ts';
import { limits } from '../kernel/limits.ts';
import type { Random } from '../kernel/random.ts';
import { IssuersOfProcesses, oneIssuer } from '../modules/access/index.ts';
import type { OwnIssuers, SigningKeySource } from '../modules/access/index.ts';
import type { Log } from '../surfaces/http/index.ts';
import { createAuthentication } from './authentication.ts';
import { createByteBudget } from './byte-budget.ts';
import { openKeys, readKeySources } from './control-plane/keys.ts';
import { createDataPlane } from './data-plane/data-plane.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { createDuties } from './duties/duties.ts';
import { createEgressGuards } from './egress.ts';
import { ListenerCertificates } from './listener-certificates.ts';
import type { Parts } from './parts.ts';
import { chooseAddresses, GrpcPort } from './ports.ts';
import type { Addresses } from './ports.ts';
import { createServers } from './servers.ts';
import type { Servers } from './servers.ts';
import { hasOperator } from './operator.ts';

export interface PlatformOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** A service that holds the signing keys; default: as configured. */
  readonly signingKeys?: SigningKeySource;
}

/** A running platform: one node with the roles of its configuration. */
export interface Platform extends AsyncDisposable {
  /** Public base URL. */
  readonly url: string;
  /** Where this process itself listens; the public base URL may be that of a load balancer. */
  readonly localUrl: string;
  readonly opsUrl: string;
  /** `host:port` where this process serves gRPC; null: off. */
  readonly grpcAddress: string | null;
  readonly nodeId: string;
  /** Whether the database had an operator when this process was ready. */
  readonly hasOperator: boolean;
  /** The other processes that served the same data when this one was ready. */
  readonly otherNodes: readonly OtherNode[];
  /** Resolves with the cause when the platform cannot continue. */
  readonly failed: Promise<Error>;
  /** Stops accepting, finishes what it can within a bound, and leaves the rest to other nodes. */
  stop(): Promise<void>;
}

/**
 * Builds every part, starts the parts in order, and stops them in the reverse order. What runs depends on the roles of the process:
 *
 * - every role: the database, keys, both HTTP servers with health, and the node: its lease and the work after each renewal
 *   (duties/node.ts);
 * - gateway: agents over A2A and gRPC, and calls of skills (data-plane/surfaces.ts);
 * - control: OAuth, the admin API and discovery (control-plane/surfaces.ts);
 * - worker: the duties with a pace of their own (duties/duties.ts), and the part of duties/node.ts that only workers do.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, secrets, clock, random, log } = options;
  // A key or a certificate that cannot be used fails before anything starts.
  const sources = await readKeySources(options);
  const certificates = await ListenerCertificates.open(options);
  const failure = Promise.withResolvers<Error>();
  const database = await openDatabase(config, secrets, log, failure.resolve);
  await using stopping = new AsyncDisposableStack();
  stopping.defer(mendHttp2());
  stopping.defer(() => database.stop());
  stopping.defer(() => certificates.close());
  const addresses = await chooseAddresses(config);
  stopping.defer(() => addresses.release());
  const { publicUrl, localUrl, opsUrl } = addresses;
  const ids = createIdSource(clock, random);
  const issuers = await openIssuers(options, database, publicUrl);
  const metrics = createMetrics();
  const budget = createByteBudget(config, clock, metrics);
  const foundation = { config, database, clock, ids, random, log, metrics, budget, publicUrl, issuers };

  const grpcPort = new GrpcPort(config);
  const keys = await openKeys(foundation, sources);
  const guards = createEgressGuards(foundation, addresses, grpcPort);
  const authentication = createAuthentication(foundation, keys, guards);
  const duties = createDuties(foundation, keys, guards);
  const dataPlane = await createDataPlane(foundation, { secrets, keys, guards, authentication, duties });
  const parts = { foundation, certificates, grpcPort, keys, guards, authentication, duties, dataPlane };
  const servers = await createServers(parts);

  stopInReverse(stopping, parts, servers);
  await dataPlane.engine.start();
  duties.start();
  await listen(servers, config, addresses);
  if (servers.grpc !== null && config.grpc !== null) await grpcPort.listen(servers.grpc, config.grpc);
  stopping.defer(() => announceLeave(servers, config, clock));
  const { nodeId } = dataPlane.engine.lease;
  const announced = { address: localUrl, silentAfterMs: config.lease.fenceAfterMs };
  // Only for people to read, so a start does not fail by it.
  const otherNodes = await announceAddress(database.workers, nodeId, announced).catch(() => []);
  const isOperated = await hasOperator(database).catch(() => true);
  const started = stopping.move();
  const stop = once(() => started.disposeAsync());
  return {
    url: publicUrl,
    localUrl,
    opsUrl,
    grpcAddress: grpcPort.localAddress,
    nodeId,
    hasOperator: isOperated,
    otherNodes,
    failed: failure.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Without a public address each process issues tokens under its own address, which it records for the others. */
async function openIssuers({ config, clock }: PlatformOptions, database: Database, own: string): Promise<OwnIssuers> {
  if (config.publicUrl !== null) return oneIssuer(own);
  const store = createIssuerStore(database.readers);
  await store.add(own);
  return new IssuersOfProcesses(own, { store, clock });
}

/** The last line stops first. Before it the process announces its leave; after it the ports, certificates, database and HTTP/2 follow. */
function stopInReverse(stopping: AsyncDisposableStack, parts: Parts, servers: Servers): void {
  const { keys, authentication, duties, dataPlane } = parts;
  stopping.defer(() => duties.stop());
  stopping.defer(() => keys.ring.close());
  stopping.defer(() => dataPlane.limits.close());
  stopping.defer(() => dataPlane.results.close());
  stopping.defer(() => authentication.close());
  stopping.defer(() => dataPlane.upstream.close());
  stopping.defer(() => drain(parts, servers));
}

/**
 * Within `limits.drainMs` together: first every accepted request gets its answer, so each of them is recorded and its task has begun; then the
 * tasks end that no request waits for.
 */
async function drain({ foundation: { clock }, dataPlane: { engine } }: Parts, servers: Servers): Promise<void> {
  const endMs = clock.monotonicMs() + limits.drainMs;
  engine.leave();
  const closed = servers.close();
  await within(clock, limits.drainMs, closed);
  await engine.stop(Math.max(0, endMs - clock.monotonicMs()));
  await closed;
}

async function listen(servers: Servers, config: Config, addresses: Addresses): Promise<void> {
  const { port, isKept } = addresses.http;
  await servers.listen({ host: config.http.host, port, backlog: limits.connectionsWaitingMax, isKept });
  const shared = addresses.ops.isKept ? { reusePort: true } : {};
  await servers.ops.listen({ host: config.ops.host, port: addresses.ops.port, ...shared });
  await addresses.release();
}

/** Load balancers get time to send elsewhere before this process refuses requests. */
function announceLeave(servers: Servers, { drainNoticeMs }: Config, clock: Clock): Promise<void> {
  servers.announceLeave();
  if (drainNoticeMs === 0) return Promise.resolve();
  return new Promise((resolve) => void clock.after(drainNoticeMs, resolve));
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
