import { mendHttp2 } from '../adapters/http2/index.ts';
import { createSchemaJudge } from '../adapters/json-schemas/index.ts';
import { createPageTokenSigner } from '../adapters/keys/page-token-signer.ts';
import {
  createAccessTokenVerifier,
  createProofNonces,
  createProofVerifier,
  forwardTokenReader,
  forwardTokenSigner,
} from '../adapters/keys/index.ts';
import type { KeyVault, OpenedVault, SigningKeyRing } from '../adapters/keys/index.ts';
import { createOAuthClientStore } from '../adapters/postgres/access/oauth-client-store.ts';
import { createPeopleStore } from '../adapters/postgres/people/people-store.ts';
import { createRoleStore } from '../adapters/postgres/access/role-store.ts';
import { createRevocationStore } from '../adapters/postgres/access/revocation-store.ts';
import { createSpentProofStore } from '../adapters/postgres/access/spent-proof-store.ts';
import { createMetrics } from '../adapters/telemetry/index.ts';
import { A2aUpstream } from '../adapters/upstream/a2a-upstream.ts';
import type { A2aUpstreamOptions } from '../adapters/upstream/a2a-upstream.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Clock } from '../kernel/clock.ts';
import { createIdSource } from '../kernel/ids.ts';
import type { IdSource, TenantId } from '../kernel/ids.ts';
import type { Random } from '../kernel/random.ts';
import { limits as bounds } from '../kernel/limits.ts';
import { Authenticator, CallerStatusWatch } from '../modules/access/index.ts';
import type { SigningKeySource } from '../modules/access/index.ts';
import { unsealCredential } from '../modules/registry/index.ts';
import { createAssertStillIn, createCallerOf } from '../surfaces/http/index.ts';
import type { Log } from '../surfaces/http/index.ts';
import { createJudges } from './authentication.ts';
import type { Judges } from './authentication.ts';
import { reservePort } from './reserve-port.ts';
import type { ReservedPort } from './reserve-port.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { createWebhooks } from './duties/deliveries.ts';
import { createEgressGuards } from './egress.ts';
import { createEngine } from './data-plane/engine.ts';
import { createChooser } from './data-plane/router.ts';
import type { Engine } from './data-plane/engine.ts';
import { GrpcPort } from './grpc-port.ts';
import { createInstanceHealth } from './duties/instance-health.ts';
import { createKeptAnswers } from './data-plane/registry-cache.ts';
import type { InstanceHealthDuty } from './duties/instance-health.ts';
import { createLimits } from './data-plane/limits.ts';
import type { LimitParts } from './data-plane/limits.ts';
import type { BackgroundDuty } from './duties/background-duty.ts';
import { createEndpointChecks } from './endpoint-checks.ts';
import {
  createRotationDuty,
  openKeyVault,
  openSigningKeys,
  platformKeyReader,
  signingKeySource,
  watchedBox,
} from './control-plane/keys.ts';
import { ListenerCertificates } from './listener-certificates.ts';
import { causesOf } from './log.ts';
import { createResults } from './data-plane/results.ts';
import type { ResultParts } from './data-plane/results.ts';
import { SealDuty } from './duties/seal-duty.ts';
import { createSlaCounting } from './duties/sla-counting.ts';
import { createServers } from './servers.ts';
import type { Servers } from './servers.ts';

export interface PlatformOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where signing keys are kept, for whoever has a service that signs; default: where the configuration says. */
  readonly signingKeys?: SigningKeySource;
}

/** A running platform: one node with the roles of its configuration. */
export interface Platform extends AsyncDisposable {
  /** Public base URL. */
  readonly url: string;
  /** Where this process itself listens; the public base URL may be that of a balancer before several. */
  readonly localUrl: string;
  readonly opsUrl: string;
  /** `host:port` where this process serves gRPC; null: off. */
  readonly grpcAddress: string | null;
  readonly nodeId: string;
  /** Resolves with a reason when the platform can not go on. */
  readonly failed: Promise<string>;
  /** Stops accepting, finishes what it can within a bound, and leaves the rest to other nodes. */
  stop(): Promise<void>;
}

/** Builds every part, starts them in order, and stops them in the reverse order. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, secrets, clock, random, log } = options;
  const readKeys = platformKeyReader(config, secrets);
  // A key or a certificate that can not be used is told before anything is started.
  await readKeys();
  const signingKeys = options.signingKeys ?? signingKeySource(config, secrets);
  await signingKeys?.read();
  const certificates = await ListenerCertificates.open(options);
  let fail: (reason: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => (fail = resolve));
  const database = await openDatabase(config, secrets, log, () => fail('database-lost'));
  await using unwinding = new AsyncDisposableStack();
  unwinding.defer(mendHttp2());
  unwinding.defer(() => database.stop());
  unwinding.defer(() => certificates.close());
  const addresses = await chooseAddresses(config);
  unwinding.defer(() => addresses.release());
  const grpcPort = new GrpcPort(config);
  const ids = createIdSource(clock, random);
  const opened = await openKeyVault({ readKeys, database, clock, ids });
  const foundations = { opened, signingKeys, database, addresses, grpcPort, certificates, ids };
  const parts = await buildParts(options, foundations);
  const { engine, servers, upstream, keys, judges, limits, results, endpointChecks, slaCounting } = parts;
  const rotation = createRotationDuty({ config, database, opened, clock, log });
  unwinding.defer(() => rotation.stop());
  unwinding.defer(() => endpointChecks.stop());
  unwinding.defer(() => slaCounting.stop());
  unwinding.defer(() => keys.close());
  unwinding.defer(() => limits.close());
  unwinding.defer(() => results.close());
  unwinding.defer(() => judges.close());
  unwinding.defer(() => upstream.close());
  // Both at once: requests wait for the work that the engine finishes.
  unwinding.defer(async () => void (await Promise.all([servers.close(), engine.stop()])));
  await engine.start();
  rotation.start();
  endpointChecks.start();
  slaCounting.start();
  const { http, ops } = addresses;
  const backlog = bounds.connectionsWaitingMax;
  await servers.listen({ host: config.http.host, port: http.port, backlog, isKept: http.isKept });
  await servers.ops.listen({ host: config.ops.host, port: ops.port, ...(ops.isKept ? { reusePort: true } : {}) });
  await addresses.release();
  if (servers.grpc !== null && config.grpc !== null) await grpcPort.listen(servers.grpc, config.grpc);
  unwinding.defer(() => announceLeave(servers, config, clock));
  const started = unwinding.move();
  const stop = once(() => started.disposeAsync());
  return {
    url: addresses.publicUrl,
    localUrl: addresses.localUrl,
    opsUrl: addresses.opsUrl,
    grpcAddress: grpcPort.localAddress,
    nodeId: engine.lease.nodeId,
    failed,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Balancers have a while to send elsewhere what this process would soon refuse. */
function announceLeave(servers: Servers, { drainNoticeMs }: Config, clock: Clock): Promise<void> {
  servers.announceLeave();
  if (drainNoticeMs === 0) return Promise.resolve();
  return new Promise((resolve) => void clock.after(drainNoticeMs, resolve));
}

/** Where this process listens, and where the world finds the platform. */
interface Addresses {
  readonly http: ReservedPort;
  readonly ops: ReservedPort;
  readonly localUrl: string;
  readonly opsUrl: string;
  readonly publicUrl: string;
  /** Keeps the ports no longer: the servers listen, or never will. */
  release(): Promise<void>;
}

async function chooseAddresses(config: Config): Promise<Addresses> {
  const http = await reservePort(config.http);
  const ops = await reservePort(config.ops);
  const scheme = config.http.tls === null ? 'http' : 'https';
  const localUrl = `${scheme}://${hostOf(config.http.host)}:${String(http.port)}`;
  const opsUrl = `http://${hostOf(config.ops.host)}:${String(ops.port)}`;
  const release = async (): Promise<void> => void (await Promise.all([http.release(), ops.release()]));
  return { http, ops, localUrl, opsUrl, publicUrl: config.publicUrl ?? localUrl, release };
}

interface Foundations {
  readonly opened: OpenedVault;
  readonly signingKeys: SigningKeySource | null;
  readonly database: Database;
  readonly addresses: Addresses;
  readonly grpcPort: GrpcPort;
  readonly ids: IdSource;
  readonly certificates: ListenerCertificates;
}

interface Parts {
  readonly engine: Engine;
  readonly servers: Servers;
  readonly upstream: A2aUpstream;
  readonly keys: SigningKeyRing;
  readonly limits: LimitParts;
  readonly results: ResultParts;
  readonly judges: Judges;
  readonly endpointChecks: BackgroundDuty;
  readonly slaCounting: BackgroundDuty;
}

/** What a key that is gone had signed is looked at anew. */
function doubting(authenticator: Authenticator, statuses: CallerStatusWatch): (kid: string) => void {
  return (kid) => {
    authenticator.doubt(null);
    statuses.endOfKey(kid);
  };
}

async function buildParts(options: PlatformOptions, foundations: Foundations): Promise<Parts> {
  const { opened, database, addresses, grpcPort, certificates, ids } = foundations;
  const { vault } = opened;
  const { config, secrets, clock, random, log } = options;
  const { publicUrl } = addresses;
  const secretBox = watchedBox({ database, opened, ids, clock, log });
  const keys = await openSigningKeys({ source: foundations.signingKeys, database, secretBox, clock, log });
  const clients = createOAuthClientStore(database.readers);
  const verifier = createAccessTokenVerifier({ issuer: publicUrl, audience: publicUrl, keys, clock });
  const senders = createSenders(database, vault, clock);
  const tokens = { verifier, clients, ...rightsOfPrincipals(database) };
  const guards = createEgressGuards({ config, database, clock, ownPorts: ownPortsOf(foundations) });
  const judges = createJudges({ database, vault, tokens, guards, publicUrl, clock });
  const statuses = createCallerStatusWatch(database, clock);
  const onRevoked = (): void => void statuses.check().catch(() => undefined);
  const authenticator = new Authenticator({ judge: judges.judge, ...senders, onRevoked });
  const signForwardToken = forwardTokenSigner(publicUrl, keys);
  const instances = createInstanceHealth({ config, database, guards, clock, log });
  const upstream = createUpstream({ guards, signForwardToken, instances, secretBox, clock, log });
  const pageTokens = createPageTokenSigner(vault.keyFor('page tokens'));
  const webhooks = createWebhooks({ config, vault, signForwardToken, secretBox, guards, clock, random });
  const metrics = createMetrics();
  const limits = await createLimits({ config, secrets, database, metrics, clock, log });
  const results = await createResults({ secrets, database, clock, log });
  const seals = new SealDuty({ config, database, vault, clock, log });
  const signed = { pageTokens, readForwardToken: forwardTokenReader(publicUrl, keys) };
  const keptAnswers = createKeptAnswers(database, clock);
  const told = { onAccess: obeyAccessNotifications(authenticator, keys), onRoutes: keptAnswers.forget };
  const chooser = createChooser(config, secrets);
  const schemas = createSchemaJudge(clock);
  const limiting = { limiter: limits.limiter, results, chooser, schemas };
  const work = { upstream, ...signed, webhooks, seals, instances, statuses, ...told, ...limiting };
  const engine = createEngine({ config, database, ...work, clock, ids, log });
  keys.onGone(doubting(authenticator, statuses));
  const asking = { authenticator, limiter: limits.limiter, publicUrl };
  const callerOf = createCallerOf(asking);
  const assertStillIn = createAssertStillIn({ ...asking, clock });
  const base = {
    config,
    database,
    engine,
    seals,
    instances,
    webhooks,
    limits,
    keptAnswers,
    schemas,
    results,
    vault,
    secretBox,
    dataKeyMaker: opened.dataKeyMaker,
    keys,
    clients,
    spentProofs: senders.spentProofs,
    tokens,
    revocations: tokens.revocations,
    guards,
    publicUrl,
    grpcPort,
    certificates,
    clock,
    ids,
    random,
    log,
  };
  const endpointChecks = createEndpointChecks({ config, database, guards, metrics, clock, log });
  const slaCounting = createSlaCounting({ config, database, metrics, clock, log });
  const servers = await createServers({ ...base, callerOf, assertStillIn, metrics });
  return { engine, upstream, keys, judges, limits, results, endpointChecks, slaCounting, servers };
}

interface UpstreamParts extends Pick<A2aUpstreamOptions, 'guards' | 'signForwardToken' | 'clock'> {
  readonly secretBox: SecretBox;
  readonly instances: InstanceHealthDuty;
  readonly log: Log;
}

function createUpstream({ secretBox, instances, log, ...parts }: UpstreamParts): A2aUpstream {
  return new A2aUpstream({
    ...parts,
    openCredential: ({ tenantId, agentId }, { sealed, origin }) =>
      unsealCredential(secretBox, sealed, { tenantId, agentId, origin }),
    onCall: (tenantId, instanceId) => instances.uses.noteCall(tenantId, instanceId),
    onFault: ({ taskId, requestId }, error) =>
      log.warn({ code: error.code, taskId, requestId, causes: causesOf(error) }, 'agent failed'),
  });
}

/** Where this process itself listens, which no agent does. */
function ownPortsOf({ addresses, database, grpcPort }: Foundations) {
  const { http, ops } = addresses;
  return (): ReadonlySet<number> =>
    new Set([http.port, ops.port, database.embeddedPort, grpcPort.port].filter((port) => port !== null));
}

/** What tells whether a token comes from whom it was issued to. */
function createSenders({ readers }: Database, vault: KeyVault, clock: Clock) {
  const nonces = createProofNonces(vault.keyFor('proof nonces'), clock);
  return { proofs: createProofVerifier(), nonces, spentProofs: createSpentProofStore(readers, clock), clock };
}

/** Ends the streams of callers whose rights were revoked. */
function createCallerStatusWatch({ readers }: Database, clock: Clock): CallerStatusWatch {
  return new CallerStatusWatch({ revocations: createRevocationStore(readers), clock });
}

/** What principals have that are no clients, and the roles of all. */
function rightsOfPrincipals({ readers }: Database) {
  const revocations = createRevocationStore(readers);
  return { people: createPeopleStore(readers), roles: createRoleStore(readers), revocations };
}

/** What a process does when it hears that rights changed; what it does not hear of it finds out within seconds by itself. */
function obeyAccessNotifications(authenticator: Authenticator, keys: SigningKeyRing) {
  return (tenants: ReadonlySet<TenantId | null>): void => {
    for (const tenantId of tenants) {
      if (tenantId === null) keys.reread().catch(() => undefined);
      else authenticator.doubt(tenantId);
    }
  };
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
