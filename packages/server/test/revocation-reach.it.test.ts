/**
 * Guarantee: every node refuses a revoked credential within five seconds, also when no notification arrives, and ends what was begun with it: T11.
 * A dropped signing key takes everything with it that it signed, and nothing else.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { publicUrl, watch } from './cluster-setting.ts';
import type { Watch } from './cluster-setting.ts';
import { issue, postForm, startTwoNodes, statusFor, untilRefused } from './revocation-setting.ts';
import type { TwoNodes } from './revocation-setting.ts';

const reachMs = 5_000;
const trials = 4;
/** One after the other: each drops the key that the one before it has moved to. */
const dropTrials = 2;

for (const isDeaf of [false, true]) {
  describe(`on two nodes ${isDeaf ? 'that hear nothing of each other' : 'with notifications'}`, () => {
    let setting: TwoNodes;
    let urls: readonly string[];
    before(async () => {
      setting = await startTwoNodes(isDeaf);
      urls = setting.nodes.map(({ url }) => url);
    });
    after(() => setting[Symbol.asyncDispose]());

    const openStream = async (url: string, token: string): Promise<Watch> => {
      const message = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'go' }] };
      const agentUrl = `${url}/t/acme/agents/stepper`;
      const opened = await watch({ agentUrl, token, path: '/message:stream', body: { message } });
      await eventually('the agent works', () => opened.events.length >= 2);
      return opened;
    };

    it(`refuses a revoked token everywhere within ${reachMs} ms, in each of ${trials} trials, and no other`, async () => {
      const { token: kept } = await issue(urls[0] ?? '', setting.tenant);
      const revokeOnce = async (trial: number): Promise<void> => {
        const [here = '', there = ''] = trial % 2 === 0 ? urls : urls.toReversed();
        const { token } = await issue(here, setting.tenant);
        assert.deepEqual([await statusFor(here, token), await statusFor(there, token)], [200, 200]);
        const stream = await openStream(there, token);
        const revoked = await postForm(`${here}/oauth/revoke`, setting.tenant, { token });
        assert.deepEqual([revoked.status, await revoked.text()], [200, '']);
        const startedMs = performance.now();
        const tookMs = await untilRefused([there, here], token);
        assert.ok(tookMs <= reachMs, `${String(tookMs)} ms`);
        assert.equal(await stream.over, 'ended');
        const endedMs = performance.now() - startedMs;
        assert.ok(endedMs <= reachMs, `the stream ended after ${String(endedMs)} ms`);
        assert.match(stream.events.at(-1)?.data ?? '', /stream\.token-expired/);
      };
      await Promise.all(Array.from({ length: trials }, (_, trial) => revokeOnce(trial)));
      for (const url of urls) assert.equal(await statusFor(url, kept), 200);
      const entries = await setting.cluster.rows(
        `select entry_id from colloquy.audit_entries where action = 'token.revoked' and outcome = 'succeeded'`,
      );
      assert.equal(entries.length, trials, 'one entry each');
    });

    it(`believes nothing that a dropped key signed, everywhere within ${reachMs} ms, and goes on with another`, async () => {
      const { admin } = setting.nodes[0].operator;
      for (let trial = 0; trial < dropTrials; trial += 1) {
        const [here = '', there = ''] = trial % 2 === 0 ? urls : urls.toReversed();
        const { token, kid } = await issue(here, setting.tenant);
        const stream = await openStream(there, token);
        await admin.dropSigningKey({ kid });
        const tookMs = await untilRefused([there, here], token);
        assert.ok(tookMs <= reachMs, `${String(tookMs)} ms`);
        assert.equal(await stream.over, 'ended');
        for (const url of urls) {
          const published = await (await fetch(`${url}/.well-known/jwks.json`)).text();
          assert.equal(published.includes(kid), false);
          const fresh = await eventually('a token of the next key', async () => {
            const issued = await issue(url, setting.tenant);
            return issued.kid !== kid && issued;
          });
          for (const other of urls) assert.equal(await statusFor(other, fresh.token), 200);
        }
      }
      const dropped = (await admin.listSigningKeys()).items.filter(({ state }) => state === 'dropped');
      assert.equal(dropped.length, dropTrials);
      const log = setting.nodes.flatMap(({ logLines }) => logLines).join('\n');
      assert.doesNotMatch(log, /"d":|PRIVATE KEY|privateKey/);
    });
  });
}

describe('introspection and revocation', () => {
  let setting: TwoNodes;
  let url: string;
  before(async () => {
    setting = await startTwoNodes(false);
    url = setting.nodes[1].url;
  });
  after(() => setting[Symbol.asyncDispose]());

  const introspect = async (token: string, by = setting.tenant): Promise<Record<string, unknown>> => {
    const answer = await postForm(`${url}/oauth/introspect`, by, { token });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    return (await answer.json()) as Record<string, unknown>;
  };

  it('tells a client of the tenant what a token is, and everybody else that it is not active and nothing more', async () => {
    const { token } = await issue(url, setting.tenant, { scope: 'a2a:read' });
    const told = await introspect(token);
    const { clientId, slug } = setting.tenant;
    const { active, sub, client_id: client, scope, tenant, iss, aud, token_type: type } = told;
    assert.deepEqual(
      { active, sub, client, scope, tenant, iss, aud, type },
      {
        active: true,
        sub: clientId,
        client: clientId,
        scope: 'a2a:read',
        tenant: slug,
        iss: publicUrl,
        aud: publicUrl,
        type: 'Bearer',
      },
    );
    const outsider = await setting.nodes[0].createTenant('other');
    const forged = `${token.slice(0, -4)}AAAA`;
    for (const said of [
      await introspect(token, outsider),
      await introspect(forged),
      await introspect('nothing'),
      await introspect('a.b.c'),
      await introspect(`${token}.${token}`),
    ])
      assert.deepEqual(said, { active: false });
    assert.equal((await introspect(token))['active'], true);
  });

  it('answers no unauthenticated client', async () => {
    const { token } = await issue(url, setting.tenant);
    const wrong = { ...setting.tenant, clientSecret: 'cls_wrong' };
    for (const path of ['introspect', 'revoke']) {
      assert.equal((await postForm(`${url}/oauth/${path}`, wrong, { token })).status, 401);
      const anonymous = await fetch(`${url}/oauth/${path}`, { method: 'POST', body: new URLSearchParams({ token }) });
      assert.equal(anonymous.status, 400);
    }
    assert.equal(await statusFor(url, token), 200);
  });

  it('takes back only what was issued to the client itself, and says of a revoked token that it is not active', async () => {
    const { token } = await issue(url, setting.tenant);
    const other = await setting.nodes[0].createTenant('third');
    assert.equal((await postForm(`${url}/oauth/revoke`, other, { token })).status, 200);
    assert.equal((await introspect(token))['active'], true);
    assert.equal((await postForm(`${url}/oauth/revoke`, setting.tenant, { token: `${token}x` })).status, 200);
    assert.equal((await introspect(token))['active'], true);
    // A text that the database cannot even hold is no token.
    assert.equal((await postForm(`${url}/oauth/revoke`, setting.tenant, { token: 'a\0' })).status, 200);
    assert.deepEqual(await introspect('a\0'), { active: false });
    for (const again of [1, 2])
      assert.equal((await postForm(`${url}/oauth/revoke`, setting.tenant, { token })).status, 200, String(again));
    assert.deepEqual(await introspect(token), { active: false });
    const rows = await setting.cluster.rows(`select subject from colloquy.revocations`);
    assert.equal(rows.length, 1);
  });

  it('describes each resource, and says with every refusal where its tokens are', async () => {
    for (const path of ['', '/t/acme', '/t/acme/agents/stepper']) {
      const document = (await (await fetch(`${url}/.well-known/oauth-protected-resource${path}`)).json()) as object;
      assert.deepEqual(
        { ...document, scopes_supported: [] },
        {
          resource: publicUrl + path,
          authorization_servers: [publicUrl],
          jwks_uri: `${publicUrl}/.well-known/jwks.json`,
          scopes_supported: [],
          bearer_methods_supported: ['header'],
          dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
          tls_client_certificate_bound_access_tokens: true,
        },
      );
    }
    const wellKnown = `${publicUrl}/.well-known/oauth-protected-resource`;
    for (const [method, path, document] of [
      ['GET', '/api/v1/tenants/acme/agents', wellKnown],
      ['POST', '/t/acme/agents/stepper', `${wellKnown}/t/acme/agents/stepper`],
      ['POST', '/t/acme/agents/missing/message:send', `${wellKnown}/t/acme/agents/missing`],
    ] as const) {
      const refused = await fetch(url + path, { method });
      assert.equal(refused.status, 401);
      assert.equal(refused.headers.get('www-authenticate'), `Bearer resource_metadata="${document}"`);
    }
    assert.equal((await fetch(`${url}/.well-known/oauth-protected-resource/t/ACME`)).status, 404);
  });
});
