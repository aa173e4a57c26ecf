import type { FastifyInstance } from 'fastify';
import { cardVerifier, clientKeyReader, createCardSigner } from '../adapters/keys/index.ts';
import type { KeyVault, SigningKeyRing } from '../adapters/keys/index.ts';
import { createIssuerExaminer } from '../adapters/issuers/index.ts';
import { createGrantStore } from '../adapters/postgres/access/grant-store.ts';
import { createSuspensionStore } from '../adapters/postgres/access/suspension-store.ts';
import { createAuthorizationRecordStore } from '../adapters/postgres/access/authorization-record-store.ts';
import { createClientAuthorityStore } from '../adapters/postgres/access/client-authority-store.ts';
import { createClientSecretStore } from '../adapters/postgres/access/client-secret-store.ts';
import { createApiKeyStore } from '../adapters/postgres/api-keys/api-key-store.ts';
import { chainProofs } from '../adapters/audit/index.ts';
import { createAuditArchive } from '../adapters/postgres/audit/audit-archive.ts';
import { createRetentionStore } from '../adapters/postgres/audit/retention-store.ts';
import { Argon2Hasher } from '../adapters/passwords/argon2-hasher.ts';
import { createPeopleStore } from '../adapters/postgres/people/people-store.ts';
import { createSignInFailureStore } from '../adapters/postgres/people/sign-in-failure-store.ts';
import { createAuditLog } from '../adapters/postgres/audit/audit-log.ts';
import { createSubjectKeyStore } from '../adapters/postgres/audit/subject-key-store.ts';
import { createDeliveryJournal } from '../adapters/postgres/deliveries/delivery-journal.ts';
import { createEgressAllowanceStore } from '../adapters/postgres/egress/egress-allowance-store.ts';
import { createExternalIssuerStore } from '../adapters/postgres/federation/external-issuer-store.ts';
import { createTaskInspector } from '../adapters/postgres/inspection/task-inspector.ts';
import { createDelegationRuleStore } from '../adapters/postgres/tasks/delegation-rule-store.ts';
import { createSlaStore } from '../adapters/postgres/sla/sla-store.ts';
import { createInstanceStore } from '../adapters/postgres/instances/instance-store.ts';
import { createProbePolicyStore } from '../adapters/postgres/instances/probe-policy-store.ts';
import { createCreditLedgerStore } from '../adapters/postgres/metering/credit-ledger-store.ts';
import { createAgentStore } from '../adapters/postgres/registry/agent-store.ts';
import { createCardStore } from '../adapters/postgres/registry/card-store.ts';
import { createPolicyStore } from '../adapters/postgres/resilience/policy-store.ts';
import { createAgentRoutingStore } from '../adapters/postgres/routing/agent-routing-store.ts';
import { createSecretRotationStore } from '../adapters/postgres/secrets/secret-rotation-store.ts';
import { createEndpointCertificateStore } from '../adapters/postgres/registry/endpoint-certificate-store.ts';
import { createTrustStore } from '../adapters/postgres/trust/trust-store.ts';
import { createTenantStore } from '../adapters/postgres/tenancy/tenant-store.ts';
import { registerAuditMetrics, registerInstanceMetrics, registerQueueMetrics } from '../adapters/telemetry/index.ts';
import type { Metrics } from '../adapters/telemetry/index.ts';
import { allowanceReader } from '../adapters/upstream/allowance-reader.ts';
import type { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import { createEvenFailures } from '../adapters/upstream/even-failures.ts';
import { createCardSource } from '../adapters/upstream/fetch-card.ts';
import { createIssuerDocuments } from '../adapters/upstream/fetch-document.ts';
import { createEndpointProber } from '../adapters/upstream/probe-endpoint.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { IdSource, TenantId } from '../kernel/ids.ts';
import { limits } from '../kernel/limits.ts';
import type { Random } from '../kernel/random.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import type { OAuthClientStore, RevocationStore, SpentProofStore, TokenJudgePorts } from '../modules/access/index.ts';
import { activeClients, judgeAccessToken } from '../modules/access/index.ts';
import { appendAuditEntry } from '../modules/audit/index.ts';
import type { AuditLog } from '../modules/audit/index.ts';
import { setPassword, signIn } from '../modules/people/index.ts';
import { findPublicCard, isTenantsCard } from '../modules/registry/index.ts';
import type { SchemaJudge } from '../modules/registry/index.ts';
import type { DataKeyMaker } from '../modules/secrets/index.ts';
import type { TenantStore } from '../modules/tenancy/index.ts';
import { a2aSurface, EventStreams } from '../surfaces/a2a/index.ts';
import { registerAdminApi, registerWorkApi } from '../surfaces/admin/index.ts';
import { registerDiscovery } from '../surfaces/discovery/index.ts';
import { Acceptors, createHttpServer, PageRules, renewTls, RequestOrigins } from '../surfaces/http/index.ts';
import type { AssertStillIn, CallerOf, ListenAddress, Log } from '../surfaces/http/index.ts';
import { registerOauth } from '../surfaces/oauth/index.ts';
import { createGrpcServer } from '../surfaces/grpc/index.ts';
import type { GrpcServer } from '../surfaces/grpc/index.ts';
import { registerHealth, registerMetrics } from '../surfaces/ops/index.ts';
import type { Database } from './database.ts';
import type { Webhooks } from './duties/deliveries.ts';
import { personalFacts } from './control-plane/keys.ts';
import type { Engine } from './data-plane/engine.ts';
import type { InstanceHealthDuty } from './duties/instance-health.ts';
import { changingStores } from './data-plane/registry-cache.ts';
import type { KeptAnswers } from './data-plane/registry-cache.ts';
import type { LimitParts } from './data-plane/limits.ts';
import { cardReaders } from './data-plane/router.ts';
import type { ResultParts } from './data-plane/results.ts';
import { checkpointKey } from './duties/seal-duty.ts';
import type { SealDuty } from './duties/seal-duty.ts';
import type { GrpcPort } from './grpc-port.ts';
import type { ListenerCertificates } from './listener-certificates.ts';

export interface ServersOptions {
  readonly config: Config;
  readonly database: Database;
  readonly engine: Engine;
  readonly seals: SealDuty;
  readonly instances: InstanceHealthDuty;
  readonly webhooks: Webhooks;
  readonly limits: LimitParts;
  readonly keptAnswers: KeptAnswers;
  readonly schemas: SchemaJudge;
  readonly results: ResultParts;
  readonly vault: KeyVault;
  readonly secretBox: SecretBox;
  readonly dataKeyMaker: DataKeyMaker;
  readonly keys: SigningKeyRing;
  readonly clients: OAuthClientStore;
  readonly spentProofs: SpentProofStore;
  readonly tokens: TokenJudgePorts;
  readonly revocations: RevocationStore;
  readonly guards: EgressGuards;
  readonly publicUrl: string;
  readonly grpcPort: GrpcPort;
  readonly certificates: ListenerCertificates;
  readonly callerOf: CallerOf;
  readonly assertStillIn: AssertStillIn;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: Random;
  readonly log: Log;
}

/** The public server and the one for whoever runs the platform; neither listens yet. */
export interface Servers {
  readonly main: FastifyInstance;
  readonly ops: FastifyInstance;
  /** Null: off, or not the role of this process. */
  readonly grpc: GrpcServer | null;
  /** The main server listens there. Rejects when the address is not to be had. */
  listen(address: ListenAddress): Promise<void>;
  /** Says at `/ready` that this process leaves; it serves on. */
  announceLeave(): void;
  close(): Promise<void>;
}

export async function createServers(options: ServersOptions): Promise<Servers> {
  const { config, engine, metrics, clock, ids, log } = options;
  const { limiter } = options.limits;
  const { certificates } = options;
  const { ranges: proxies, fields: families } = config.proxies;
  const origins = new RequestOrigins({ proxies, families, authorities: certificates.authorities });
  const base = { clock, ids, log, metrics, origins, publicUrl: options.publicUrl };
  const tls = certificates.tlsOf('http');
  const { corsOrigins } = config.http;
  const pages = new PageRules({ corsOrigins, hosts: knownHosts(config, config.http.host, options.publicUrl) });
  const main = createHttpServer({
    ...base,
    pages,
    ...(tls === null ? {} : { tls }),
    admitUnauthenticated: (network) => limiter.admitUnauthenticated(network),
    assertStillIn: options.assertStillIn,
  });
  // As Node's servers take connections: over TLS one that has ended, before its handshake as well, would be kept for ever by its other half.
  const acceptors = new Acceptors(main.server, tls === null, limits.acceptors);
  const opsHosts = knownHosts(config, config.ops.host, options.publicUrl);
  const ops = createHttpServer({ ...base, pages: new PageRules({ corsOrigins: [], hosts: opsHosts }) });
  const readiness = async () => ({
    database: await isReachable(options.database),
    lease: engine.lease.isHeld,
    staying: !main.openRequests.isAnnounced,
  });
  registerHealth(main, { readiness });
  metrics.watchCertificates(() => certificates.shown);
  registerHealth(ops, { readiness, warnings: () => options.seals.warnings() });
  registerAuditMetrics(metrics.registry, () => options.seals.state);
  registerInstanceMetrics(metrics.registry, () => options.instances.watch.counts);
  registerQueueMetrics(metrics.registry, () => engine.queue.totals);
  registerMetrics(ops, { expose: () => metrics.expose() });
  if (config.roles.has('control')) await registerControl(main, options);
  const grpc = config.roles.has('gateway') ? await registerGateway(main, origins, options) : null;
  certificates.watch((listener, renewed) => {
    if (listener === 'http') renewTls(main.server, renewed);
    else grpc?.renewTls(renewed);
  });
  return {
    main,
    ops,
    grpc,
    async listen(address) {
      // Between the look at the address and the listening there is to be nothing to wait for.
      await main.ready();
      await acceptors.listen(address, (wish) => main.listen({ ...wish }));
    },
    announceLeave: () => main.openRequests.announceLeave(),
    async close() {
      await Promise.all([main.close(), acceptors.close(), ops.close(), grpc?.close()]);
    },
  };
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** The names by which programs on this machine may ask at a listener's host, when it listens to nobody else. */
function knownHosts({ http }: Config, host: string, publicUrl: string): ReadonlySet<string> | null {
  const isLocal = loopbackNames.includes(host) || host === '::1' || host.startsWith('127.');
  return isLocal ? new Set([...loopbackNames, host, new URL(publicUrl).hostname, ...http.allowedHosts]) : null;
}

async function registerGateway(
  main: FastifyInstance,
  origins: RequestOrigins,
  options: ServersOptions,
): Promise<GrpcServer | null> {
  const { config, database, engine, callerOf, clock, ids, log, metrics, publicUrl, grpcPort } = options;
  const cards = {
    agents: createAgentStore(database.readers),
    cardStore: createCardStore(database.readers),
    cardSigner: createCardSigner(() => publicUrl, options.keys),
    servedCards: options.keptAnswers.servedCards,
    publicUrl: () => publicUrl,
    grpcAddress: () => grpcPort.cardAddress,
  };
  const operations = {
    gateway: engine.gateway,
    ...cardReaders({ ...cards, startedAt: new Date(clock.nowMs()) }),
    appendAuditEntry: appendAuditEntry({ audit: createAuditLog(database.readers), ids }),
    callerOf,
    clock,
  };
  registerCalls(main, options);
  const shown = { findPublicCard: findPublicCard(cards), isTenantsCard: isTenantsCard(cards) };
  await main.register(a2aSurface({ ...operations, ...shown }));
  if (config.grpc === null) return null;
  const { assertStillIn } = options;
  return createGrpcServer({
    ...operations,
    assertStillIn,
    ids,
    log,
    metrics,
    origins,
    tls: options.certificates.tlsOf('grpc'),
  });
}

/** Calls of skills, whose streams end with the process as those of A2A do. */
function registerCalls(main: FastifyInstance, options: ServersOptions): void {
  const { database, engine, callerOf, clock, ids, publicUrl } = options;
  const streams = new EventStreams({ clock });
  main.addHook('preClose', (done) => {
    streams.close();
    done();
  });
  const audit = createAuditLog(database.readers);
  registerWorkApi(main, {
    callerOf,
    ports: { ...engine.workPorts, tenants: createTenantStore(database.readers), audit, ids },
    publicUrl: () => publicUrl,
    outlet: (served) => streams.serve(served),
  });
}

/** What reads and erases what was sealed. */
function auditPorts({ database, vault, secretBox }: ServersOptions) {
  const subjectKeys = createSubjectKeyStore(database.readers);
  return {
    archive: createAuditArchive(database.readers),
    retentions: createRetentionStore(database.readers),
    proofs: chainProofs,
    auditKey: checkpointKey(vault).jwk,
    subjectKeys,
    personal: personalFacts(database, secretBox),
  };
}

async function registerControl(main: FastifyInstance, options: ServersOptions): Promise<void> {
  const { database, publicUrl } = options;
  const tenants = createTenantStore(database.readers);
  const audit = createAuditLog(database.readers);
  await registerOauth(main, oauthPorts(options, audit));
  const ports = controlPorts(options, tenants, audit);
  const surface = { callerOf: options.callerOf, ports, publicUrl: () => publicUrl };
  registerAdminApi(main, surface);
  registerDiscovery(main, surface);
}

/** What the use cases of the control plane stand on. */
function controlPorts(options: ServersOptions, tenants: TenantStore, audit: AuditLog) {
  const { database, vault, keys, clients, guards, clock, ids, random } = options;
  const failures = createEvenFailures(clock);
  return {
    tenants,
    audit,
    ...auditPorts(options),
    clients,
    grants: createGrantStore(database.readers),
    suspensions: createSuspensionStore(database.readers),
    signingKeys: keys,
    people: createPeopleStore(database.readers),
    secrets: vault,
    clientKeys: clientKeyReader,
    clientSecrets: createClientSecretStore(database.readers),
    authorities: createClientAuthorityStore(database.readers),
    apiKeys: createApiKeyStore(database.readers),
    issuers: createExternalIssuerStore(database.readers),
    issuerExaminer: createIssuerExaminer({ ...issuerPlaces(guards), failures, clock }),
    secretBox: options.secretBox,
    ledger: createCreditLedgerStore(database.readers),
    searches: options.keptAnswers.searches,
    cards: createCardSource({ guards, bounds: limits, failures }),
    addresses: guards,
    ...certificatePorts(options),
    agentRouting: createAgentRoutingStore(database.readers),
    ...instancePorts(options),
    egress: createEgressAllowanceStore(database.readers),
    allowances: allowanceReader,
    rotations: createSecretRotationStore(database.readers),
    dataKeyMaker: options.dataKeyMaker,
    ...changingStores(database, options.keptAnswers),
    trust: createTrustStore(database.readers),
    cardVerifier,
    schemas: options.schemas,
    inspector: createTaskInspector(database.readers),
    delegationRules: createDelegationRuleStore(database.readers),
    sla: createSlaStore(database.readers),
    deliveries: createDeliveryJournal(database.readers),
    signing: options.webhooks.sender,
    limits: options.limits.store,
    policies: createPolicyStore(database.readers),
    rateDefaults: options.limits.rateDefaults,
    cachePolicies: options.results.policies,
    knownCachePolicies: options.results.known,
    random,
    ids,
    defaultPriceMicrocredits: options.config.defaultPriceMicrocredits,
  };
}

function oauthPorts(options: ServersOptions, audit: AuditLog) {
  const { database, vault, keys, clients, clock, ids, publicUrl } = options;
  return {
    issuer: publicUrl,
    clients: activeClients(clients, options.revocations),
    records: createAuthorizationRecordStore(database.readers),
    spentProofs: options.spentProofs,
    nonceKey: vault.keyFor('authorization server nonces'),
    secrets: vault,
    signingKey: () => keys.current,
    judge: judgeAccessToken(options.tokens),
    verifier: options.tokens.verifier,
    revocations: options.revocations,
    audit,
    ...signInPorts(options, audit),
    ids,
    clock,
    jwks: () => keys.jwks(),
    limiter: options.limits.limiter,
  };
}

function signInPorts({ database, vault, ids }: ServersOptions, audit: AuditLog) {
  const people = createPeopleStore(database.readers);
  const failures = createSignInFailureStore(database.readers);
  const ports = { people, failures, passwords: new Argon2Hasher(), secrets: vault, audit, ids };
  return { people, pageKey: vault.keyFor('sign-in pages'), signIn: signIn(ports), setPassword: setPassword(ports) };
}

function issuerPlaces(guards: EgressGuards) {
  const checkAddress = (url: string, tenantId: TenantId): Promise<void> => guards.checkAddress(url, tenantId);
  return { documents: createIssuerDocuments(guards), checkAddress };
}

function certificatePorts({ guards, database, certificates, clock }: ServersOptions) {
  return {
    prober: createEndpointProber({ guards, bounds: limits, failures: createEvenFailures(clock) }),
    endpointCertificates: createEndpointCertificateStore(database.readers),
    listenerCertificates: () => certificates.shown,
  };
}

function instancePorts({ database, config, instances: { store } }: ServersOptions) {
  return {
    instances: createInstanceStore(database.readers),
    probePolicies: createProbePolicyStore(database.readers),
    probeIntervalMs: config.probeIntervalMs,
    health: store,
  };
}

async function isReachable(database: Database): Promise<boolean> {
  try {
    await database.readers.query('select 1');
    return true;
  } catch {
    return false;
  }
}
