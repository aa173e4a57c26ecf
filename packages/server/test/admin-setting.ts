import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createSystemRandom, systemClock } from '../src/adapters/clock/system-clock.ts';
import { clientKeyReader, createAccessTokenVerifier, SigningKeyRing } from '../src/adapters/keys/index.ts';
import { createDataKeyMaker } from '../src/adapters/keys/data-key-maker.ts';
import { localKeyEncryptionKeys } from '../src/adapters/keys/local-key-encryption-key.ts';
import { createIssuerExaminer } from '../src/adapters/issuers/index.ts';
import { createSettingWebhooks } from './delivery-setting.ts';
import { createOAuthClientStore } from '../src/adapters/postgres/access/oauth-client-store.ts';
import { createSigningKeyStore } from '../src/adapters/postgres/access/signing-key-store.ts';
import { chainProofs, checkpointKeyOf } from '../src/adapters/audit/index.ts';
import { allowanceReader } from '../src/adapters/upstream/allowance-reader.ts';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';
import { createIssuerDocuments } from '../src/adapters/upstream/fetch-document.ts';
import { createHealthStore } from '../src/adapters/postgres/instances/health-store.ts';
import { createEvenFailures } from '../src/adapters/upstream/even-failures.ts';
import { createCardSource } from '../src/adapters/upstream/fetch-card.ts';
import { createControlStores } from '../src/assembly/control-plane/control-stores.gen.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createEndpointProber } from '../src/adapters/upstream/probe-endpoint.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { createCachePolicyStore } from '../src/adapters/postgres/results/cache-policy-store.ts';
import { KnownCachePolicies } from '../src/modules/results/index.ts';
import { limits } from '../src/kernel/limits.ts';
import {
  accessTokenJudge,
  Authenticator,
  createClient,
  createOperator,
  judgeAccessToken,
  oneIssuer,
  scopes,
} from '../src/modules/access/index.ts';
import type { CreatedOAuthClient, Scope } from '../src/modules/access/index.ts';
import { registerAdminApi } from '../src/surfaces/admin/index.ts';
import { createCallerOf } from '../src/surfaces/http/index.ts';
import { limitPorts } from './limit-setting.ts';
import { startHttp } from './access-http-fixture.ts';
import type { HttpFixture } from './access-http-fixture.ts';
import { rightPorts } from './access-right-ports.ts';
import { senderPorts } from './access-sender-ports.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

/** Every scope that a tenant's client can hold. */
export const tenantScopes: readonly Scope[] = scopes.filter((scope) => scope !== 'platform:operate');

/** A client with a token. */
export interface Actor {
  readonly slug: string;
  readonly caller: Caller;
  readonly clientId: string;
  /** A token for these scopes; all of the client's when none are named. */
  token(scopes?: readonly string[]): Promise<string>;
}

export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly body: Record<string, unknown>;
}

export interface AdminSetting extends AsyncDisposable {
  readonly registry: RegistrySetting;
  readonly http: HttpFixture;
  newTenant(): Promise<Actor>;
  /** A further client of the tenant, with these scopes. */
  newClient(of: Actor, wanted: readonly Scope[]): Promise<Actor>;
  readonly operator: Actor;
  call(method: string, path: string, options?: CallOptions): Promise<AdminAnswer>;
}

export interface CallOptions {
  readonly token?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly contentType?: string;
}

const issuer = 'https://colloquy.example';
const audience = 'https://colloquy.example';

function instancePorts(pool: DatabasePool) {
  return {
    probeIntervalMs: 10_000,
    // These endpoints call nothing that needs the role of the worker.
    health: createHealthStore(pool, pool),
  };
}

/** Lets calls to this machine out. */
function localGuard(): EgressGuard {
  const ownPorts = (): ReadonlySet<number> => new Set();
  return new EgressGuard({ allowedRanges: ['127.0.0.0/8'], allowedHosts: [], ownPorts, ownAddresses: () => [] });
}

/** What reads from addresses that a tenant named. */
function outwardPorts(guard: EgressGuard) {
  const guards = { forTenant: () => Promise.resolve(guard) };
  const failures = createEvenFailures(systemClock, 50);
  const addresses = { checkAddress: async (url: string) => void guard.checkUrl(url) };
  return {
    cards: createCardSource({ guards, bounds: limits, failures }),
    addresses,
    prober: createEndpointProber({ guards, bounds: limits, failures }),
    issuerExaminer: createIssuerExaminer({
      documents: createIssuerDocuments(guards),
      checkAddress: addresses.checkAddress,
      failures,
      clock: systemClock,
    }),
  };
}

/** What the operators' endpoints about egress and the keys of secrets stand on. */
function guardedPorts({ ids }: Pick<RegistrySetting, 'ids'>) {
  const keks = localKeyEncryptionKeys(() => Promise.resolve([randomBytes(32)]));
  return {
    allowances: allowanceReader,
    dataKeyMaker: createDataKeyMaker(keks, ids),
  };
}

function cachePolicyPorts(pool: DatabasePool) {
  const cachePolicies = createCachePolicyStore(pool);
  const knownCachePolicies = new KnownCachePolicies(cachePolicies, systemClock);
  return {
    cachePolicies,
    knownCachePolicies,
    listenerCertificates: () => [],
  };
}

/** The admin API on a listening server with real tokens, keys and database. */
export async function startAdminSetting(): Promise<AdminSetting> {
  const registry = await startRegistrySetting();
  const { pool, vault } = registry;
  const clients = createOAuthClientStore(pool);
  const keys = await SigningKeyRing.open({ store: createSigningKeyStore(pool), vault, clock: systemClock });
  const clientIn = async (caller: Caller, name: string, wanted: readonly Scope[]): Promise<Actor> => {
    const input = { tenantId: caller.tenant.id, name, scopes: wanted };
    return actorOf(caller, await createClient(ports)({ ...allPowerful, tenant: caller.tenant }, input));
  };
  const verifier = createAccessTokenVerifier({ issuers: oneIssuer(issuer), keys, clock: systemClock });
  const rights = rightPorts(pool);
  const judge = accessTokenJudge(judgeAccessToken({ verifier, clients, ...rights }));
  const authenticator = new Authenticator({ judge, ...senderPorts(pool, vault, systemClock) });
  const guard = localGuard();
  const { limiter, ...limiting } = await limitPorts(pool, systemClock);
  const ports = {
    ...createControlStores(pool),
    ...registry,
    clients,
    secrets: vault,
    clientKeys: clientKeyReader,
    secretBox: vault,
    random: createSystemRandom(),
    isChallengingReceivers: false,
    clock: systemClock,
    ownIssuers: oneIssuer(issuer),
    ...outwardPorts(guard),
    ...instancePorts(pool),
    ...cachePolicyPorts(pool),
    ...guardedPorts(registry),
    defaultPriceMicrocredits: 100n,
    proofs: chainProofs,
    auditKey: checkpointKeyOf(Buffer.alloc(32, 9)).jwk,
    signing: createSettingWebhooks(guard).sender,
    signingKeys: keys,
    ...limiting,
    people: rights.people,
  };
  const http = await startHttp((app) =>
    registerAdminApi(app, {
      callerOf: createCallerOf({ authenticator, limiter, publicUrl: issuer }),
      ports,
      publicUrl: () => issuer,
    }),
  );
  const actorOf = (caller: Caller, created: CreatedOAuthClient): Actor => actorWith(keys, caller, created);
  const founder = await registry.newCaller();
  const operatorClient = await createOperator(ports)({
    tenantId: founder.tenant.id,
    name: 'operator',
    requestId: founder.requestId,
  });
  const allPowerful: Caller = { ...founder, scopes: new Set(scopes) };
  return {
    registry,
    http,
    operator: actorOf(founder, operatorClient),
    newTenant: async () => clientIn(await registry.newCaller(), 'admin', tenantScopes),
    newClient: ({ caller }, wanted) => clientIn(caller, `client-${randomUUID()}`, wanted),
    call: (method, path, options) => call(http.url, { method, path }, options),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]().then(() => registry[Symbol.asyncDispose]()),
  };
}

function actorWith(keys: SigningKeyRing, caller: Caller, { client }: CreatedOAuthClient): Actor {
  const { tenant } = caller;
  return {
    slug: tenant.slug,
    caller,
    clientId: client.clientId,
    token: async (wanted = client.scopes) => {
      const { kid, sign } = keys.current;
      const nowSeconds = Math.floor(Date.now() / 1000);
      const { clientId, kind } = client;
      const own = { client_id: clientId, scope: wanted.join(' '), tid: tenant.id, pk: kind, jti: randomUUID() };
      const times = { nbf: nowSeconds, iat: nowSeconds, exp: nowSeconds + 300 };
      const parts = [
        { alg: 'ES256', typ: 'at+jwt', kid },
        { ...own, ...times, iss: issuer, aud: audience, sub: clientId },
      ];
      const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      return `${signed}.${Buffer.from(await sign(Buffer.from(signed))).toString('base64url')}`;
    },
  };
}

async function call(
  url: string,
  target: { method: string; path: string },
  { token, json, raw, contentType }: CallOptions = {},
): Promise<AdminAnswer> {
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(`${url}/api/v1${target.path}`, {
    method: target.method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
    },
    body: body ?? null,
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const parsed: unknown = type.includes('json') && text !== '' ? JSON.parse(text) : {};
  assert.ok(typeof parsed === 'object' && parsed !== null);
  return { status: response.status, headers: response.headers, text, body: { ...parsed } };
}

/** A problem document without the one thing that differs from request to request. */
export function withoutRequestId(text: string): string {
  return text.replaceAll(/req_[0-9a-f]{32}/g, 'req_…');
}

/** A public key that can be trusted as it is (RFC 7515 appendix A.3). */
export const cardKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  kid: 'did:example:1#key/a',
};

/** A card that can be registered as it is. */
export const card = {
  name: 'Echo',
  description: 'Says it again',
  version: '1.2.3',
  supportedInterfaces: [{ url: 'http://127.0.0.1:9001/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'echo', name: 'Echo', description: 'Echoes', tags: ['test'] }],
};
