/**
 * Guarantee: a token of another authorization server grants the scopes to which its registration maps it, in the one tenant that registered
 * the server, for as long as the server vouches for it and the tenant trusts the server; a server that is away or lies grants nothing
 * (T10, T13, T16).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ServerResponse } from 'node:http';
import type { ExternalIssuer } from '@colloquy/sdk/client';
import {
  createTestDatabase,
  eventually,
  FakeClock,
  makeServerKey,
  signToken,
  startAuthorizationServer,
  startTestPlatform,
  tokenParts,
} from '@colloquy/testkit';
import type { AuthorizationServer, TestDatabase, TestPlatform, TestTenant, TokenAlgorithm } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { withoutRequestId } from './admin-setting.ts';

const algorithms: readonly TokenAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const scopeMap = { 'agents.call': ['a2a:send', 'a2a:read'], 'agents.read': ['a2a:read'] };

describe('a token of an external issuer', () => {
  let database: TestDatabase;
  let one: TestPlatform;
  let two: TestPlatform;
  let clock: FakeClock;
  let server: AuthorizationServer;
  let acme: TestTenant;
  let registered: ExternalIssuer;

  before(async () => {
    server = await startAuthorizationServer();
    database = await createTestDatabase();
    one = await startTestPlatform({ database });
    clock = new FakeClock();
    two = await startTestPlatform({ database, clock, env: { COLLOQUY_PUBLIC_URL: one.url } });
    acme = await one.createTenant('acme');
    registered = await acme.client.admin.registerIssuer({ body: { name: 'login', issuer: server.issuer, scopeMap } });
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const ask = (token: string, at: TestPlatform = one, tenant = 'acme'): Promise<Response> =>
    fetch(`${at.url}/api/v1/tenants/${tenant}/agents`, { headers: { authorization: `Bearer ${token}` } });
  const textOf = async (answer: Response): Promise<string> =>
    `${String(answer.status)} ${withoutRequestId(await answer.text())}`;
  const statusOf = async (token: string, at?: TestPlatform): Promise<number> => {
    const answer = await ask(token, at);
    await answer.arrayBuffer();
    return answer.status;
  };
  /** A token as the server could have issued it now, by the clock of the second node or of this machine. */
  const minted = (change: { header?: object; claims?: object } = {}, algorithm: TokenAlgorithm = 'ES256'): string => {
    const request = { algorithm, audience: registered.audience, scope: 'agents.read', subject: 'robot-1' };
    const { header, claims, key } = tokenParts(server, { ...request, nowMs: Date.now() });
    return signToken({ ...header, ...change.header }, { ...claims, ...change.claims }, key);
  };

  /** Advances time meanwhile: a failure to read the metadata of an issuer is reported when a bucket of time is full. */
  const inTime = async <Result>(work: Promise<Result>): Promise<Result> => {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    work.then(settle, settle);
    await eventually('an answer', async () => {
      await clock.advance(limits.addressFailureMs / 20);
      return isSettled;
    });
    return work;
  };

  it('opens when the server issued it, with each algorithm, on every replica, with the scopes that the map gives', async () => {
    for (const algorithm of algorithms) {
      const request = { algorithm, audience: registered.audience };
      const token = await server.requestToken({ ...request, scope: 'agents.read agents.run' });
      for (const node of [one, two]) assert.equal(await statusOf(token, node), 200, algorithm);
      const unmapped = await server.requestToken({ ...request, scope: 'agents.run' });
      assert.equal((await ask(unmapped)).status, 403, 'a word that is not in the map grants nothing');
    }
  });

  it('is the same principal whenever it comes, and another than one of the same name from elsewhere', async () => {
    await using elsewhere = await startAuthorizationServer();
    const other = await acme.client.admin.registerIssuer({
      body: { name: 'other', issuer: elsewhere.issuer, scopeMap },
    });
    const refusedBy = async (issuer: AuthorizationServer): Promise<string | undefined> => {
      const request = {
        algorithm: 'ES256',
        audience: other.audience,
        scope: 'agents.read',
        subject: 'robot-7',
      } as const;
      const { header, claims, key } = tokenParts(issuer, { ...request, nowMs: Date.now() });
      const before = (await entries()).length;
      const token = signToken(header, claims, key);
      await fetch(`${one.url}/api/v1/tenants/acme/audit`, { headers: { authorization: `Bearer ${token}` } });
      return (await entries()).slice(before)[0]?.actorId;
    };
    const entries = async () => (await acme.client.admin.listAuditEntries({ limit: 100 })).items;
    const [first, again, foreign] = [await refusedBy(server), await refusedBy(server), await refusedBy(elsewhere)];
    assert.match(String(first), /^ext_[0-9a-f]{32}$/);
    assert.equal(again, first);
    assert.match(String(foreign), /^ext_[0-9a-f]{32}$/);
    assert.notEqual(foreign, first);
    await acme.client.admin.removeIssuer({ issuer: other.issuerId });
  });

  it('belongs to the tenant of its audience alone, whichever other tenants trust the issuer', async () => {
    const beta = await one.createTenant('beta');
    const theirs = await beta.client.admin.registerIssuer({ body: { name: 'same', issuer: server.issuer, scopeMap } });
    assert.notEqual(theirs.audience, registered.audience);
    const token = await server.requestToken({ algorithm: 'RS256', audience: theirs.audience, scope: 'agents.read' });
    assert.equal((await ask(token, one, 'beta')).status, 200);
    assert.equal(await textOf(await ask(token)), await textOf(await ask(token, one, 'missing')));
    const stolen = { name: 'stolen', issuer: server.issuer, audience: registered.audience, scopeMap };
    await assert.rejects(beta.client.admin.registerIssuer({ body: stolen }), { code: 'request.invalid' });
    const { admin } = one.operator;
    await assert.rejects(admin.forTenant('beta').registerIssuer({ body: stolen }), { code: 'access.issuer-exists' });
    const app = { ...stolen, audience: '3f2a7f1e-app-id' };
    assert.equal((await admin.forTenant('beta').registerIssuer({ body: app })).audience, app.audience);
  });

  it('reads claims where the registration says, also deep ones and lists, and accepts plain JWTs only where it says so', async () => {
    const plain = { header: { typ: 'JWT' }, claims: { scope: undefined, realm: { roles: ['reader', 7, null] } } };
    assert.equal(await statusOf(minted(plain)), 401);
    const settings = { name: 'login', tokenType: 'jwt' as const, scopesClaim: '/realm/roles', subjectClaim: 'azp' };
    const { issuerId } = registered;
    await acme.client.admin.changeIssuer({
      issuer: issuerId,
      body: { ...settings, scopeMap: { reader: ['a2a:read'] } },
    });
    try {
      const claims = { ...plain.claims, azp: 'robot-9' };
      assert.equal(await statusOf(minted({ ...plain, claims })), 200);
      assert.equal(await statusOf(minted({ ...plain, claims: { ...claims, azp: undefined } })), 401);
      assert.equal(await statusOf(minted({ ...plain, claims: { ...claims, nonce: 'n' } })), 401, 'an ID token');
      assert.equal(await statusOf(minted({ header: { typ: 'logout+jwt' }, claims })), 401);
    } finally {
      await acme.client.admin.changeIssuer({ issuer: issuerId, body: { name: 'login', scopeMap } });
    }
  });

  it('is refused soon after its issuer was removed, on every replica, and opens again when it is back', async () => {
    const token = minted();
    for (const node of [one, two]) assert.equal(await statusOf(token, node), 200);
    await acme.client.admin.removeIssuer({ issuer: registered.issuerId });
    await eventually('the token is refused', async () => (await statusOf(token)) === 401, limits.tokenCacheMs);
    await clock.advance(limits.tokenCacheMs);
    assert.equal(await statusOf(token, two), 401);
    registered = await acme.client.admin.registerIssuer({ body: { name: 'login', issuer: server.issuer, scopeMap } });
    assert.equal(await statusOf(token), 200);
  });

  it('signed with a new key is accepted after one fetch, with a removed key no more, and unknown keys cause no further fetches', async () => {
    const old = minted();
    assert.equal(await statusOf(old, two), 200);
    server.rotate();
    await clock.advance(limits.issuerKeysReadMs);
    const fetches = server.requests.length;
    assert.equal(await statusOf(minted(), two), 200);
    assert.equal(server.requests.length, fetches + 2, 'metadata and keys, once');
    assert.equal(await statusOf(signed('of-no-issuer'), two), 401);
    const many = await Promise.all(Array.from({ length: 50 }, (_, n) => statusOf(signed(`of-no-issuer-${n}`), two)));
    assert.deepEqual(new Set(many), new Set([401]));
    assert.equal(server.requests.length, fetches + 2, 'asked again only after a while');
    await clock.advance(limits.tokenCacheMs);
    assert.equal(await statusOf(old, two), 401);
  });

  it('still opens while its issuer is away, for a while and no longer, and never a forged one', async () => {
    const token = minted();
    assert.equal(await statusOf(token, two), 200);
    server.behave((request) => {
      request.socket.destroy();
      return true;
    });
    try {
      await clock.advance(limits.issuerKeysRefreshMs);
      assert.equal(await statusOf(minted({ claims: times() }), two), 200);
      const unknown = await statusOf(signed('away'), two);
      assert.ok(unknown === 401 || unknown === 503);
      await clock.advance(limits.issuerKeysHeldMs);
      assert.equal(await statusOf(minted({ claims: times() }), two), 503);
      assert.notEqual(await statusOf(signed('away'), two), 200);
    } finally {
      server.behave(null);
    }
    await clock.advance(limits.issuerKeysReadMs);
    assert.equal(await statusOf(minted({ claims: times() }), two), 200);
  });

  const lies: Readonly<Record<string, (path: string, response: ServerResponse) => boolean>> = {
    'calls itself another issuer': (path, response) =>
      path.includes('openid') && json(response, { issuer: 'https://evil.example', jwks_uri: `${server.issuer}/jwks` }),
    'sends for its keys to an address inside': (path, response) =>
      path.includes('openid') && json(response, { issuer: server.issuer, jwks_uri: 'http://169.254.169.254/keys' }),
    'redirects to its keys': (path, response) => {
      if (path !== '/jwks') return false;
      response.writeHead(302, { location: `${server.issuer}/jwks2` }).end();
      return true;
    },
    'publishes no keys': (path, response) => path === '/jwks' && json(response, { keys: [] }),
    'publishes a secret as a key': (path, response) =>
      path === '/jwks' && json(response, { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' }] }),
    'publishes private keys': (path, response) =>
      path === '/jwks' && json(response, { keys: [makeServerKey('ES256').privateJwk] }),
    'publishes one id twice': (path, response) => {
      const [a, b] = [makeServerKey('ES256').publicJwk, makeServerKey('EdDSA').publicJwk];
      return (
        path === '/jwks' &&
        json(response, {
          keys: [
            { ...a, kid: 'twin' },
            { ...b, kid: 'twin' },
          ],
        })
      );
    },
    'publishes more than may be': (path, response) => {
      if (path !== '/jwks') return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"keys":[],"x":"${'x'.repeat(limits.issuerDocumentBytesMax)}"}`);
      return true;
    },
    'publishes the same member twice': (path, response) => {
      if (path !== '/jwks') return false;
      response.writeHead(200).end('{"keys":[],"keys":[]}');
      return true;
    },
    'says that there is nothing': (_path, response) => {
      response.writeHead(404).end();
      return true;
    },
  };
  for (const [lie, tell] of Object.entries(lies)) {
    it(`is not judged when its issuer ${lie}, and such an issuer is not registered`, async () => {
      server.behave((request, response) => tell(request.url ?? '', response));
      try {
        const issuer = { name: 'liar', issuer: server.issuer, audience: `urn:liar:${lie.length}`, scopeMap };
        const registering = two.operator.admin.forTenant('acme').registerIssuer({ body: issuer });
        await assert.rejects(inTime(registering), { code: 'access.issuer-unreachable' });
        await clock.advance(limits.issuerKeysHeldMs + limits.tokenCacheMs);
        assert.equal(await statusOf(minted({ claims: times() }), two), 503);
      } finally {
        server.behave(null);
      }
      await clock.advance(limits.issuerKeysReadMs);
      assert.equal(await statusOf(minted({ claims: times() }), two), 200);
      const { items } = await acme.client.admin.listIssuers({ limit: 100 });
      assert.equal(
        items.some(({ name }) => name === 'liar'),
        false,
      );
    });
  }

  it('never exceeds the rights of the client that registered its issuer, and each refusal is in the audit log', async () => {
    const small = await one.createClient('acme', 'small', ['clients:write', 'a2a:read']);
    const climb = { name: 'climb', issuer: server.issuer, scopeMap: { x: ['agents:write'] } };
    await assert.rejects(small.admin.registerIssuer({ body: climb }), { code: 'access.scope-missing' });
    await assert.rejects(
      small.admin.changeIssuer({ issuer: registered.issuerId, body: { name: 'climb', scopeMap: climb.scopeMap } }),
      {
        code: 'access.scope-missing',
      },
    );
    for (const scopes of [['platform:operate'], ['a2a:everything'], []]) {
      const bad = acme.client.admin.registerIssuer({ body: { ...climb, scopeMap: { x: scopes } } });
      await assert.rejects(bad, { code: 'request.invalid' });
    }
    await assert.rejects(
      acme.client.admin.registerIssuer({ body: { name: 'twice', issuer: server.issuer, scopeMap } }),
      {
        code: 'access.issuer-exists',
      },
    );
    const { items } = await acme.client.admin.listIssuers({ limit: 100 });
    assert.deepEqual(
      items.filter(({ name }) => name === 'climb' || name === 'twice'),
      [],
    );
  });

  /** Times that suit the clock of the second node. */
  function times(): { readonly iat: number; readonly exp: number } {
    const iat = Math.floor(clock.nowMs() / 1000);
    return { iat, exp: iat + 300 };
  }

  function signed(kid: string): string {
    return minted({ header: { kid }, claims: times() });
  }
});

function json(response: ServerResponse, value: unknown): boolean {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  return true;
}
