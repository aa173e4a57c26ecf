/** Guarantee: a certificate authenticates only its registered client, and a token bound to one serves its holder alone (T11, T12, T14). */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createTestAuthority, createTestDatabase, FakeClock, selfSigned } from '@colloquy/testkit';
import type { TestAuthority, TestCertificate, TestCertificateOptions, TestDatabase } from '@colloquy/testkit';
import { decodeJwt } from 'jose';
import { Agent, fetch } from 'undici';
import type { Response } from 'undici';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import type { Caller } from '../src/kernel/caller.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import {
  addClientAuthority,
  createKeyClient,
  listClientAuthorities,
  removeClientAuthority,
  tenantScopes,
} from '../src/modules/access/index.ts';
import type { CertificateName, OAuthClient, WantedAuthentication } from '../src/modules/access/index.ts';
import { RequestOrigins, TrustedAuthorities } from '../src/surfaces/http/index.ts';
import { callerWith, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';
import { clientMeansPorts } from './key-clients.ts';

const worker = { subject: 'O=Example, CN=worker' } as const;
const workerName: CertificateName = { kind: 'dn', value: 'CN=worker,O=Example' };
type KeyAuthentication = Exclude<WantedAuthentication, { readonly method: `client_secret_${string}` }>;

interface Tenant {
  readonly id: TenantId;
  readonly by: Caller;
}

describe('a certificate', () => {
  let database: TestDatabase;
  /** Ends TLS itself. */
  let direct: AccessProcess;
  /** Behind a proxy at 127.0.0.1 that it believes. */
  let behind: AccessProcess;
  /** Without TLS, trusts no certificate. */
  let open: AccessProcess;
  let listener: TestAuthority;
  let authority: TestAuthority;
  let acme: Tenant;
  let made = 0;
  const agents: Agent[] = [];

  before(async () => {
    database = await createTestDatabase();
    [listener, authority] = [await createTestAuthority('Listeners'), await createTestAuthority('Clients of Acme')];
    const material = await listener.issue();
    const policy = { isTls12Allowed: false, asksForCertificates: true };
    const clock = new FakeClock();
    const authorities = new TrustedAuthorities(systemClock, '');
    const origins = new RequestOrigins({ proxies: ['127.0.0.1'], families: new Set(['client-cert']), authorities });
    direct = await startAccessProcess(database, { clock, http: { tls: { material, policy, clientAuthorities: '' } } });
    behind = await startAccessProcess(database, { clock, http: { origins } });
    open = await startAccessProcess(database, { clock });
    acme = await newTenant('acme');
    await addClientAuthority(clientMeansPorts(open))(acme.by, { name: 'Acme', certificate: authority.certificate });
  });
  after(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    for (const process of [direct, behind, open]) await process[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function newTenant(slug: string): Promise<Tenant> {
    const id = await open.createTenant(slug);
    return { id, by: callerWith({ id, slug }, tenantScopes, 'oauth-client') };
  }

  function newClient(authentication: KeyAuthentication, { id, by }: Tenant = acme): Promise<OAuthClient> {
    const client = { tenantId: id, name: `client-${(made += 1)}`, scopes: ['a2a:read'], authentication };
    return createKeyClient(clientMeansPorts(open))(by, client);
  }

  const named = (subject: CertificateName): KeyAuthentication => ({ method: 'tls_client_auth', subject });
  const pinned = (...certificates: TestCertificate[]): KeyAuthentication => ({
    method: 'self_signed_tls_client_auth',
    certificates: certificates.map(({ certificate }) => certificate),
  });

  /** A connection of its own for each call, so that none lends its certificate to another. */
  function over(certificate: TestCertificate | null): Agent {
    const own = certificate === null ? {} : { cert: certificate.certificate, key: certificate.key };
    const agent = new Agent({ connect: { ca: listener.certificate, ...own } });
    agents.push(agent);
    return agent;
  }

  const formOf = ({ clientId }: OAuthClient): string =>
    new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId }).toString();
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

  const ask = (client: OAuthClient, certificate: TestCertificate | null): Promise<Response> =>
    fetch(`${direct.http.url}/oauth/token`, {
      method: 'POST',
      headers: urlencoded,
      body: formOf(client),
      dispatcher: over(certificate),
    });

  async function tokenIn(answer: Response): Promise<string> {
    const body = (await answer.json()) as { access_token?: string; token_type?: string };
    assert.deepEqual([answer.status, body.token_type], [200, 'Bearer'], JSON.stringify(body));
    return body.access_token ?? '';
  }

  async function refusedFor(client: OAuthClient, certificate: TestCertificate | null): Promise<void> {
    const answer = await ask(client, certificate);
    const refusal = '{"error":"invalid_client","error_description":"client authentication failed"}';
    assert.deepEqual([answer.status, await answer.text()], [401, refusal]);
  }

  const who = async (token: string, certificate: TestCertificate | null): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${direct.http.url}/whoami`, { headers, dispatcher: over(certificate) })).status;
  };

  const digestOf = ({ certificate }: TestCertificate): string =>
    Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

  it('that the tenant’s authority issued gets a token, and the token serves with it alone', async () => {
    const [own, twin] = [await authority.issue(worker), await authority.issue(worker)];
    const token = await tokenIn(await ask(await newClient(named(workerName)), own));
    assert.deepEqual(decodeJwt(token)['cnf'], { 'x5t#S256': digestOf(own) });
    assert.equal(await who(token, own), 200);
    assert.equal(await who(token, twin), 401, 'another certificate of the same name');
    assert.equal(await who(token, null), 401, 'no certificate');
    assert.equal((await open.whoAmI(`Bearer ${token}`)).status, 401, 'a process without TLS');
    assert.equal((await open.whoAmI(`DPoP ${token}`)).status, 401, 'another scheme');
  });

  const names: readonly (readonly [CertificateName, TestCertificateOptions, TestCertificateOptions])[] = [
    [workerName, worker, { subject: 'O=Example, CN=worker2' }],
    [{ kind: 'dns', value: 'worker.example' }, { dns: ['a.example', 'worker.example'] }, { dns: ['x.worker.example'] }],
    [
      { kind: 'uri', value: 'spiffe://acme/worker' },
      { uris: ['spiffe://acme/worker'] },
      { uris: ['spiffe://acme/worker/2'] },
    ],
    [{ kind: 'ip', value: '192.0.2.1' }, { ips: ['192.0.2.1'] }, { ips: ['192.0.2.10'] }],
    [{ kind: 'email', value: 'w@acme.example' }, { emails: ['w@acme.example'] }, { dns: ['w@acme.example'] }],
  ];
  for (const [name, fitting, other] of names) {
    it(`is known by its ${name.kind} name, whole and of that kind`, async () => {
      const client = await newClient(named(name));
      await tokenIn(await ask(client, await authority.issue(fitting)));
      await refusedFor(client, await authority.issue(other));
      await refusedFor(client, await authority.issue({}));
    });
  }

  it('of an unknown authority gets no token, whatever names it carries', async () => {
    const client = await newClient(named(workerName));
    const outsider = await createTestAuthority('Clients of Acme');
    const past = new Date(Date.now() - 60_000);
    const soon = new Date(Date.now() + 60_000);
    await refusedFor(client, null);
    await refusedFor(client, await outsider.issue(worker));
    await refusedFor(client, await selfSigned(worker));
    await refusedFor(client, await listener.issue(worker));
    await refusedFor(client, await authority.issue({ ...worker, notAfter: past }));
    await refusedFor(client, await authority.issue({ ...worker, notBefore: soon }));
    await refusedFor(client, await authority.issue({ ...worker, usage: 'server' }));
    await tokenIn(await ask(client, await authority.issue({ ...worker, usage: 'client' })));
  });

  it('is vouched for by authorities of its own tenant, for as long as they are trusted', async () => {
    const globex = await newTenant('globex');
    const ports = clientMeansPorts(open);
    const lower = await authority.lower('Clients of Globex');
    const [client, certificate] = [await newClient(named(workerName), globex), await lower.issue(worker)];
    await refusedFor(client, certificate);
    await refusedFor(client, await authority.issue(worker));
    const { certificate: pem } = lower;
    const added = await addClientAuthority(ports)(globex.by, { name: 'Globex', certificate: pem });
    await tokenIn(await ask(client, certificate));
    await refusedFor(client, await authority.issue(worker));
    await assert.rejects(addClientAuthority(ports)(globex.by, { name: 'again', certificate: pem }), {
      code: 'access.authority-exists',
    });
    const leaf = (await authority.issue(worker)).certificate;
    for (const text of [leaf, 'x', `${pem}\n${pem}`])
      await assert.rejects(addClientAuthority(ports)(globex.by, { name: 'none', certificate: text }), {
        code: 'request.invalid',
      });
    await assert.rejects(removeClientAuthority(ports)(acme.by, added.authorityId), {
      code: 'access.authority-unknown',
    });
    await removeClientAuthority(ports)(globex.by, added.authorityId);
    await refusedFor(client, certificate);
    const { items } = await listClientAuthorities(ports)(acme.by, { after: null, limit: 10 });
    assert.deepEqual(
      items.map(({ name }) => name),
      ['Acme'],
      'what others did changed nothing',
    );
  });

  it('cannot come from an authority that was added by a client with fewer rights than the clients of that authority', async () => {
    const ports = clientMeansPorts(open);
    const { id, by } = await newTenant('initech');
    const own = await createTestAuthority('Own');
    const authority = { name: 'Mine', certificate: own.certificate };
    const narrow = { ...by, scopes: new Set(['clients:write', 'a2a:read']) };
    await assert.rejects(addClientAuthority(ports)(narrow, authority), { code: 'access.scope-missing' });
    assert.deepEqual((await listClientAuthorities(ports)(by, { after: null, limit: 1 })).items, []);
    const certificate = await own.issue(worker);
    await refusedFor(await newClient(named(workerName), { id, by }), certificate);
  });

  it('of an unknown authority gets a token where the certificate itself is registered', async () => {
    const [own, next] = [await selfSigned(worker), await selfSigned(worker)];
    const client = await newClient(pinned(own, next));
    for (const certificate of [own, next]) {
      const token = await tokenIn(await ask(client, certificate));
      assert.deepEqual(decodeJwt(token)['cnf'], { 'x5t#S256': digestOf(certificate) });
      assert.equal(await who(token, certificate), 200);
      assert.equal(await who(token, certificate === own ? next : own), 401);
    }
    await refusedFor(client, await selfSigned(worker));
    await refusedFor(client, await authority.issue(worker));
    await refusedFor(client, null);
    const ended = await selfSigned({ ...worker, notAfter: new Date(Date.now() - 60_000) });
    await refusedFor(await newClient(pinned(ended)), ended);
  });

  it('is accepted from a trusted proxy, and from no other connection', async () => {
    const [own, twin] = [await authority.issue(worker), await authority.issue(worker)];
    const client = await newClient(named(workerName));
    const told = ({ der }: TestCertificate) => ({ 'client-cert': `:${der.toString('base64')}:` });
    const askAt = (at: AccessProcess, fields: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${at.http.url}/oauth/token`, {
        method: 'POST',
        headers: { ...urlencoded, ...fields },
        body: formOf(client),
      });
    const token = await tokenIn(await askAt(behind, told(own)));
    assert.deepEqual(decodeJwt(token)['cnf'], { 'x5t#S256': digestOf(own) });
    const whoAt = async (at: AccessProcess, fields: Readonly<Record<string, string>>): Promise<number> =>
      (await fetch(`${at.http.url}/whoami`, { headers: { authorization: `Bearer ${token}`, ...fields } })).status;
    assert.deepEqual(
      [await whoAt(behind, told(own)), await whoAt(behind, told(twin)), await whoAt(behind, {})],
      [200, 401, 401],
    );
    assert.equal(await who(token, own), 200, 'and over a connection of its own');
    assert.deepEqual([(await askAt(open, told(own))).status, await whoAt(open, told(own))], [401, 401]);
  });
});
