/** Guarantee: a registered client gets a token for exactly its scopes, and no other client gets one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { limits } from '../src/kernel/limits.ts';
import type { CreatedOAuthClient } from '../src/modules/access/index.ts';
import { callerWith, issuer, rowsOf, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';

describe('the token endpoint', () => {
  let database: TestDatabase;
  let platform: AccessProcess;
  let client: CreatedOAuthClient;
  let clientsMade = 0;
  const consoleLines: string[] = [];
  const original = { info: console.info, warn: console.warn, error: console.error };

  const newClient = async (scopes: readonly string[]): Promise<CreatedOAuthClient> => {
    const tenantId = await platform.createTenant(`tenant-${(clientsMade += 1)}`);
    const by = callerWith({ id: tenantId, slug: 'x' }, scopes, 'oauth-client');
    return platform.createClient(by, { tenantId, name: 'worker', scopes });
  };

  before(async () => {
    for (const name of ['info', 'warn', 'error'] as const)
      console[name] = (line: unknown) => void consoleLines.push(String(line));
    database = await createTestDatabase();
    platform = await startAccessProcess(database);
    client = await newClient(['a2a:send', 'a2a:read']);
  });
  after(async () => {
    Object.assign(console, original);
    await platform[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it('issues an RFC 9068 access token for all scopes of the client when none is asked for', async () => {
    const answer = await platform.requestToken(client);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.match(answer.headers.get('x-request-id') ?? '', /^req_/);
    const body = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(
      [body['token_type'], body['expires_in'], body['scope']],
      ['Bearer', limits.accessTokenMs / 1000, 'a2a:send a2a:read'],
    );
    const token = String(body['access_token']);
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'ES256', typ: 'at+jwt', kid: platform.ring.current.kid });
    const { jti, tid, tenant, ...claims } = decodeJwt(token);
    const iat = Math.floor(platform.clock.nowMs() / 1000);
    assert.deepEqual(claims, {
      iss: issuer,
      aud: issuer,
      sub: client.client.clientId,
      client_id: client.client.clientId,
      scope: 'a2a:send a2a:read',
      pk: 'oauth-client',
      iat,
      nbf: iat,
      exp: iat + limits.accessTokenMs / 1000,
    });
    assert.match(String(jti), /^[\w-]{20,}$/);
    assert.match(String(tid), /^tnt_[0-9a-f]{32}$/);
    assert.equal(tenant, 'tenant-1');
    assert.equal((await platform.whoAmI(`Bearer ${token}`)).status, 200);
  });

  it('takes the secret from the form too, and a narrower scope', async () => {
    const answer = await fetch(`${platform.http.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.client.clientId,
        client_secret: client.clientSecret,
        scope: 'a2a:read',
        resource: issuer,
      }),
    });
    const body = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([answer.status, body['scope']], [200, 'a2a:read']);
    const who = await platform.whoAmI(`Bearer ${String(body['access_token'])}`);
    assert.deepEqual(((await who.json()) as { scopes: string[] }).scopes, ['a2a:read']);
  });

  const refusals: Readonly<
    Record<string, { readonly more: Readonly<Record<string, string>>; readonly error: string }>
  > = {
    'a scope of others': { more: { scope: 'a2a:send agents:write' }, error: 'invalid_scope' },
    'a scope of operators': { more: { scope: 'platform:operate' }, error: 'invalid_scope' },
    'a scope that does not exist': { more: { scope: 'a2a:read admin' }, error: 'invalid_scope' },
    openid: { more: { scope: 'openid' }, error: 'invalid_scope' },
    'a scope with characters it can not have': { more: { scope: 'a2a:read\u0007' }, error: 'invalid_scope' },
    'another resource': { more: { resource: 'https://elsewhere.example' }, error: 'invalid_target' },
    'a resource below ours': { more: { resource: `${issuer}/t/acme` }, error: 'invalid_target' },
    'a resource that is no address': { more: { resource: 'everything' }, error: 'invalid_target' },
    'a grant of people': { more: { grant_type: 'authorization_code', code: 'x' }, error: 'invalid_request' },
    'another grant': {
      more: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
      error: 'unsupported_grant_type',
    },
    'a password grant': { more: { grant_type: 'password' }, error: 'unsupported_grant_type' },
    'token exchange without tokens': {
      more: { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' },
      error: 'invalid_request',
    },
    'a may_act that is no object': { more: { may_act: 'anybody' }, error: 'invalid_request' },
    'two ways of authentication': { more: { client_secret: 'x' }, error: 'invalid_request' },
  };
  for (const [what, { more, error }] of Object.entries(refusals)) {
    it(`refuses ${what} with ${error}, in JSON, also to a browser`, async () => {
      for (const accept of ['*/*', 'text/html']) {
        const { clientSecret } = client;
        const basic = Buffer.from(`${client.client.clientId}:${clientSecret}`).toString('base64');
        const answer = await fetch(`${platform.http.url}/oauth/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${basic}`, accept, origin: 'https://evil.example' },
          body: new URLSearchParams({ grant_type: 'client_credentials', ...more }),
        });
        const text = await answer.text();
        assert.equal(answer.status, 400, text);
        assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
        assert.equal(answer.headers.get('access-control-allow-origin'), null);
        assert.equal((JSON.parse(text) as { error: string }).error, error);
        assert.doesNotMatch(text, /at .*\.js|stack|access_token|cls_/);
      }
    });
  }

  it('refuses unknown, wrong and revoked credentials with one and the same answer', async () => {
    const revoked = await newClient(['a2a:read']);
    const [row] = await rowsOf<{ tenant_id: string }>(
      database,
      `select tenant_id from colloquy.oauth_clients where client_id = '${revoked.client.clientId}'`,
    );
    const tenantId = `tnt_${(row?.tenant_id ?? '').replaceAll('-', '')}` as const;
    await platform.revokeClient(
      callerWith({ id: tenantId, slug: 'x' }, [], 'oauth-client'),
      tenantId,
      revoked.client.clientId,
    );
    const unknown = { ...client, client: { ...client.client, clientId: `cli_${'0'.repeat(32)}` } };
    const other = await newClient(['a2a:read']);
    const cases = [
      revoked,
      unknown,
      { ...client, clientSecret: 'cls_wrong' },
      { ...client, clientSecret: other.clientSecret },
    ];
    const hash = await platform.clients.find(client.client.clientId);
    const stolen = { ...client, clientSecret: Buffer.from(hash?.secretHashes[0] ?? []).toString('base64url') };
    const bodies = new Set<string>();
    for (const wrong of [...cases, stolen]) {
      const answer = await platform.requestToken(wrong);
      assert.equal(answer.status, 401);
      bodies.add(await answer.text());
    }
    assert.deepEqual([...bodies], ['{"error":"invalid_client","error_description":"client authentication failed"}']);
  });

  it('slows down a client after many wrong secrets, without an effect on other clients, until a while later', async () => {
    const target = await newClient(['a2a:read']);
    const wrong = { ...target, clientSecret: 'cls_wrong' };
    const statuses: number[] = [];
    for (let i = 0; i < 30; i += 1) statuses.push((await platform.requestToken(wrong)).status);
    assert.deepEqual(
      statuses.slice(0, limits.clientAuthFailuresMax),
      Array<number>(limits.clientAuthFailuresMax).fill(401),
    );
    assert.deepEqual(
      statuses.slice(limits.clientAuthFailuresMax),
      Array<number>(30 - limits.clientAuthFailuresMax).fill(429),
    );
    const refused = await platform.requestToken(target);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '6']);
    assert.deepEqual(await refused.json(), { error: 'slow_down' });
    assert.equal((await platform.requestToken(client)).status, 200);
    await platform.clock.advance(limits.clientAuthFailureWindowMs);
    assert.equal((await platform.requestToken(target)).status, 200);
  });

  it('answers nothing but what it is for', async () => {
    for (const path of [
      '/auth',
      '/oauth/auth',
      '/me',
      '/token',
      '/token/introspection',
      '/reg',
      '/session/end',
      '/interaction/x',
      '/request',
    ]) {
      assert.equal((await fetch(platform.http.url + path)).status, 404, path);
      assert.equal((await fetch(platform.http.url + path, { method: 'POST' })).status, 404, path);
    }
    assert.equal((await fetch(`${platform.http.url}/.well-known/openid-configuration`)).status, 404);
    assert.equal((await fetch(`${platform.http.url}/oauth/token`)).status, 404);
    const bad = ['{}', 'a'.repeat(60_000)];
    for (const body of bad) {
      const answer = await fetch(`${platform.http.url}/oauth/token`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(answer.status, 400);
    }
    const long = await fetch(`${platform.http.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ scope: 'a'.repeat(60_000) }),
    });
    assert.equal(long.status, 400);
    assert.equal((await platform.requestToken(client)).status, 200);
  });

  it('publishes where it is and with which keys tokens can be verified, and no private key', async () => {
    const metadata = (await (
      await fetch(`${platform.http.url}/.well-known/oauth-authorization-server`)
    ).json()) as Record<string, unknown>;
    assert.equal(metadata['issuer'], issuer);
    assert.equal(metadata['token_endpoint'], `${issuer}/oauth/token`);
    assert.equal(metadata['authorization_endpoint'], `${issuer}/oauth/authorize`);
    assert.equal(metadata['introspection_endpoint'], `${issuer}/oauth/introspect`);
    assert.equal(metadata['revocation_endpoint'], `${issuer}/oauth/revoke`);
    const answer = await fetch(`${platform.http.url}/.well-known/jwks.json`);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/jwk-set\+json/);
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] };
    assert.deepEqual(
      keys.map((key) => Object.keys(key).sort()),
      [['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
    );
  });

  it('keeps secrets as hashes only, and writes nothing to the console', async () => {
    const dump = JSON.stringify(await rowsOf(database, 'select * from colloquy.oauth_clients, colloquy.signing_keys'));
    const audit = JSON.stringify(await rowsOf(database, 'select * from colloquy.audit_entries'));
    for (const text of [dump, audit, platform.http.logText(), consoleLines.join('\n')]) {
      assert.equal(text.includes(client.clientSecret), false);
      assert.doesNotMatch(text, /"d":"|cls_/);
    }
    assert.deepEqual(consoleLines, []);
    assert.ok(
      platform.http.lines.every((line) => typeof line['requestId'] === 'string' && typeof line['code'] === 'string'),
    );
    assert.ok(platform.http.lines.length > 10, 'the refusals above left their lines');
  });
});
