import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { openStoredJwk } from '../src/adapters/keys/signing-key.ts';
import { factCipher } from '../src/adapters/audit/index.ts';
import { createSubjectKeyStore } from '../src/adapters/postgres/audit/subject-key-store.ts';
import { createPersonalFacts } from '../src/modules/audit/index.ts';
import { FakeClock } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import type { FastifyInstance } from 'fastify';
import { createSystemRandom } from '../src/adapters/clock/system-clock.ts';
import { createAccessTokenVerifier, KeyVault, SigningKeyRing } from '../src/adapters/keys/index.ts';
import { createAuthorizationRecordStore } from '../src/adapters/postgres/access/authorization-record-store.ts';
import { createOAuthClientStore } from '../src/adapters/postgres/access/oauth-client-store.ts';
import { createSigningKeyStore } from '../src/adapters/postgres/access/signing-key-store.ts';
import { createAuditLog } from '../src/adapters/postgres/audit/audit-log.ts';
import { Argon2Hasher } from '../src/adapters/passwords/argon2-hasher.ts';
import { createSignInFailureStore } from '../src/adapters/postgres/people/sign-in-failure-store.ts';
import { setPassword, signIn } from '../src/modules/people/index.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createTenantStore } from '../src/adapters/postgres/tenancy/tenant-store.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import type { IdSource, TenantId } from '../src/kernel/ids.ts';
import {
  accessTokenJudge,
  Authenticator,
  createClient,
  createOperator,
  judgeAccessToken,
  oneIssuer,
  revokeClient,
} from '../src/modules/access/index.ts';
import type {
  CreatedOAuthClient,
  OAuthClientStore,
  SigningKeyStore,
  TokenBinding,
} from '../src/modules/access/index.ts';
import { createCallerOf } from '../src/surfaces/http/index.ts';
import type { CallerOf } from '../src/surfaces/http/index.ts';
import { registerOauth } from '../src/surfaces/oauth/index.ts';
import { newLimiter } from './limit-setting.ts';
import { startHttp } from './access-http-fixture.ts';
import type { HttpFixture, HttpFixtureOptions } from './access-http-fixture.ts';
import { createPeopleStore } from '../src/adapters/postgres/people/people-store.ts';
import { rightPorts } from './access-right-ports.ts';
import { senderPorts } from './access-sender-ports.ts';
import { ownRights } from './own-rights.ts';

export const issuer = 'https://colloquy.example';
export const platformKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7 + 1));

/** What one process of the platform needs to issue and judge tokens. */
export interface AccessProcess extends AsyncDisposable {
  readonly http: HttpFixture;
  readonly clock: FakeClock;
  readonly clients: OAuthClientStore;
  readonly ring: SigningKeyRing;
  readonly pool: DatabasePool;
  readonly createTenant: (slug: string) => Promise<TenantId>;
  readonly createOperator: (tenantId: TenantId) => Promise<CreatedOAuthClient>;
  readonly createClient: (by: Caller, input: ClientInput) => Promise<CreatedOAuthClient>;
  readonly revokeClient: (by: Caller, tenantId: TenantId, clientId: string) => Promise<void>;
  /** Asks the token endpoint with HTTP Basic. */
  readonly requestToken: (client: CreatedOAuthClient, more?: Readonly<Record<string, string>>) => Promise<Response>;
  readonly token: (client: CreatedOAuthClient, more?: Readonly<Record<string, string>>) => Promise<string>;
  /** Asks for the caller that this Authorization field authenticates. */
  readonly whoAmI: (authorization?: string) => Promise<Response>;
  /** The private half of the signing key, as an intruder would have it. */
  readonly ownPrivateKey: () => Promise<KeyObject>;
}

export interface ClientInput {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly tokenBinding?: TokenBinding;
}

export interface AccessProcessOptions {
  readonly clock?: FakeClock;
  readonly url?: string;
  readonly http?: Pick<HttpFixtureOptions, 'tls' | 'origins'>;
}

const appPool = (url: string): DatabasePool =>
  createPool({
    url,
    role: 'colloquy_app',
    connectionsMax: 4,
    connectTimeoutMs: 1_000,
    applicationName: 'access-test',
  });

async function ownPrivateKey(store: SigningKeyStore, vault: KeyVault, wanted: string): Promise<KeyObject> {
  const stored = (await store.list()).find(({ kid }) => kid === wanted) ?? assert.fail('There is no such key.');
  return createPrivateKey({ key: await openStoredJwk(stored, vault), format: 'jwk' });
}

/** One process on a test database. `url` overrides where its database is. */
export async function startAccessProcess(
  database: Pick<TestDatabase, 'adminUrl'>,
  options: AccessProcessOptions = {},
): Promise<AccessProcess> {
  const clock = options.clock ?? new FakeClock();
  const random = createSystemRandom();
  const ids = createIdSource(clock, random);
  const pool = appPool(options.url ?? database.adminUrl);
  const vault = new KeyVault(platformKey);
  const clients = createOAuthClientStore(pool);
  const keyStore = createSigningKeyStore(pool);
  const ring = await SigningKeyRing.open({ store: keyStore, vault, clock });
  const verifier = createAccessTokenVerifier({ issuers: oneIssuer(issuer), keys: ring, clock });
  const limiter = newLimiter({ clock });
  const senders = senderPorts(pool, vault, clock);
  const tokens = { verifier, clients, ...rightPorts(pool) };
  const judge = judgeAccessToken(tokens);
  const authenticator = new Authenticator({ judge: accessTokenJudge(judge), ...senders });
  const callerOf = createCallerOf({ authenticator, limiter, publicUrl: issuer });
  const http = await startHttp(
    async (app) => {
      const ports = {
        ...oauthPorts(pool, vault, ring),
        ...tokens,
        ...signInPorts(pool, vault, ids),
        judge,
        spentProofs: senders.spentProofs,
        clock,
        limiter,
      };
      await registerOauth(app, ports);
      tellWho(app, callerOf);
    },
    { clock, ...options.http },
  );
  const ports = { clients, secrets: vault, random, ids, ...personalPorts(pool, vault) };
  const requestToken = tokenRequester(http.url);
  return {
    http,
    clock,
    clients,
    ring,
    pool,
    ownPrivateKey: () => ownPrivateKey(keyStore, vault, ring.current.kid),
    async createTenant(slug) {
      const id = ids.next('tnt');
      const origin = { entryId: ids.next('ent'), actorId: 'test', requestId: ids.next('req') };
      await createTenantStore(pool).create({ id, slug, name: slug }, origin);
      return id;
    },
    createOperator: (tenantId) => createOperator(ports)({ tenantId, name: 'operator', requestId: ids.next('req') }),
    createClient: (by, input) => createClient(ports)(by, input),
    revokeClient: (by, tenantId, clientId) => revokeClient({ clients, ids })(by, { tenantId, clientId }),
    requestToken,
    async token(client, more) {
      const answer = (await (await requestToken(client, more)).json()) as { access_token?: string };
      return answer.access_token ?? '';
    },
    whoAmI: (authorization) =>
      fetch(`${http.url}/whoami`, authorization === undefined ? {} : { headers: { authorization } }),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await pool.end();
    },
  };
}

function signInPorts(pool: DatabasePool, vault: KeyVault, ids: IdSource) {
  const people = createPeopleStore(pool);
  const audit = createAuditLog(pool);
  const failures = createSignInFailureStore(pool);
  const ports = { people, failures, passwords: new Argon2Hasher(), secrets: vault, audit, ids };
  const pageKey = vault.keyFor('sign-in pages');
  return { people, audit, ids, pageKey, signIn: signIn(ports), setPassword: setPassword(ports) };
}

function oauthPorts(pool: DatabasePool, vault: KeyVault, ring: SigningKeyRing) {
  return {
    issuer,
    records: createAuthorizationRecordStore(pool),
    audit: createAuditLog(pool),
    nonceKey: vault.keyFor('authorization server nonces'),
    secrets: vault,
    signingKey: () => ring.current,
    jwks: () => ring.jwks(),
  };
}

function tokenRequester(url: string): AccessProcess['requestToken'] {
  return ({ client, clientSecret }, more = {}) =>
    fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client.clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...more }),
    });
}

function tellWho(app: FastifyInstance, callerOf: CallerOf): void {
  app.get('/whoami', async (request) => {
    const { principal, tenant, scopes } = await callerOf(request);
    return JSON.stringify({ principal, tenant, scopes: [...scopes] });
  });
}

/** A caller as a surface would make it, for use cases that a test calls directly. */
export function callerWith(
  tenant: Caller['tenant'],
  scopes: readonly string[],
  kind: 'oauth-client' | 'operator',
): Caller {
  const signal = new AbortController().signal;
  const requestId = `req_${'0'.repeat(32)}` as const;
  const rights = { ...ownRights, scopes: new Set(scopes), expiresAtMs: Number.MAX_SAFE_INTEGER };
  return { principal: { kind, id: 'cli_test' }, tenant, ...rights, requestId, signal };
}

/** Rows of a statement, read as the owner of the database, which no row policy limits. */
export async function rowsOf<Row>(database: Pick<TestDatabase, 'adminUrl'>, sql: string): Promise<readonly Row[]> {
  const pool = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'access-test-admin' });
  try {
    return (await pool.query(sql)).rows as Row[];
  } finally {
    await pool.end();
  }
}

function personalPorts(pool: DatabasePool, secretBox: KeyVault) {
  return { personal: createPersonalFacts({ keys: createSubjectKeyStore(pool), secretBox, cipher: factCipher }) };
}
