/**
 * Guarantee: a token can be exchanged for one on which another principal acts, with less authority and never more, in the open: T09. A token
 * for one resource opens no other (RFC 8707).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { decodeJwt } from 'jose';
import { publicUrl } from './cluster-setting.ts';
import { issue, postForm, startTwoNodes, statusFor, untilRefused } from './revocation-setting.ts';
import type { TwoNodes } from './revocation-setting.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const tokenType = 'urn:ietf:params:oauth:token-type:access_token';

interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

describe('token exchange and resources', () => {
  let setting: TwoNodes;
  let url: string;
  let other: string;
  let clientsMade = 0;
  before(async () => {
    setting = await startTwoNodes(false);
    [url, other] = [setting.nodes[0].url, setting.nodes[1].url];
  });
  after(() => setting[Symbol.asyncDispose]());

  const newClient = (scopes: readonly string[]): Promise<Credentials> =>
    setting.tenant.client.admin.createClient({ body: { name: `actor ${(clientsMade += 1)}`, scopes } });

  const exchange = async (
    actor: Credentials,
    subjectToken: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, unknown>> => {
    const { token } = await issue(url, actor);
    const answer = await postForm(`${url}/oauth/token`, actor, {
      grant_type: grantType,
      subject_token: subjectToken,
      subject_token_type: tokenType,
      actor_token: token,
      actor_token_type: tokenType,
      ...more,
    });
    return (await answer.json()) as Record<string, unknown>;
  };

  it('gives the actor the part that both hold, names the chain in the token and in the audit log, and on every node', async () => {
    const { token: subject } = await issue(url, setting.tenant, { scope: 'a2a:send a2a:read' });
    const actor = await newClient(['a2a:read', 'a2a:cancel']);
    const answer = await exchange(actor, subject);
    assert.deepEqual(
      [answer['issued_token_type'], answer['token_type'], answer['scope']],
      [tokenType, 'Bearer', 'a2a:read'],
    );
    const token = String(answer['access_token']);
    const { sub, client_id: clientId, act, scope, aud } = decodeJwt(token);
    assert.deepEqual(
      { sub, clientId, act, scope, aud },
      {
        sub: setting.tenant.clientId,
        clientId: actor.clientId,
        act: { sub: actor.clientId, pk: 'oauth-client' },
        scope: 'a2a:read',
        aud: publicUrl,
      },
    );
    assert.ok((decodeJwt(token).exp ?? 0) <= (decodeJwt(subject).exp ?? 0));
    for (const node of [url, other]) assert.equal(await statusFor(node, token), 200);
    const [entry] = await setting.cluster.rows<{ facts: Record<string, string> }>(
      `select facts from colloquy.audit_entries where action = 'token.exchanged' order by occurred_at desc limit 1`,
    );
    assert.deepEqual(entry?.facts, { subject: setting.tenant.clientId, actors: actor.clientId, scopes: 'a2a:read' });
    const refused = await fetch(`${url}/api/v1/tenants/acme/audit`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(refused.status, 403);
    const noted = await setting.cluster.rows<{ facts: Record<string, string>; actor_id: string }>(
      `select facts, actor_id from colloquy.audit_entries where action = 'access.refused' order by occurred_at desc limit 1`,
    );
    assert.deepEqual([noted[0]?.actor_id, noted[0]?.facts['actors']], [setting.tenant.clientId, actor.clientId]);
  });

  it('ends with whatever it was made from', async () => {
    const { token: subject } = await issue(url, setting.tenant, { scope: 'a2a:read' });
    const first = await newClient(['a2a:read']);
    const second = await newClient(['a2a:read']);
    const one = String((await exchange(first, subject))['access_token']);
    const two = String((await exchange(second, one))['access_token']);
    assert.deepEqual(decodeJwt(two)['act'], {
      sub: second.clientId,
      pk: 'oauth-client',
      act: { sub: first.clientId, pk: 'oauth-client' },
    });
    assert.equal(await statusFor(other, two), 200);
    await setting.tenant.client.admin.revokeClient({ client: first.clientId });
    assert.ok((await untilRefused([other, url], two)) <= 5_000, 'an actor in the middle was revoked');
    const again = String((await exchange(second, subject))['access_token']);
    assert.equal((await postForm(`${url}/oauth/revoke`, setting.tenant, { token: subject })).status, 200);
    assert.ok((await untilRefused([other, url], again)) <= 5_000, 'the subject revoked its token');
  });

  it('refuses impersonation, a circle, another tenant and more authority, and leaves nothing behind', async () => {
    const { token: subject } = await issue(url, setting.tenant, { scope: 'a2a:read' });
    const actor = await newClient(['a2a:read']);
    const outsider = await setting.nodes[0].createTenant('elsewhere');
    const delegated = String((await exchange(actor, subject))['access_token']);
    const { token: named } = await issue(url, setting.tenant, { may_act: outsider.clientId, scope: 'a2a:read' });
    const counted = async (): Promise<unknown> =>
      (await setting.cluster.rows(`select count(*) from colloquy.audit_entries where action = 'token.exchanged'`))[0];
    const before = await counted();
    const cases: readonly (readonly [string, Promise<Record<string, unknown>>, string])[] = [
      ['no actor', exchange(actor, subject, { actor_token: '' }), 'invalid_request'],
      ['itself', exchange(setting.tenant, subject), 'invalid_grant'],
      ['twice', exchange(actor, delegated), 'invalid_grant'],
      ['another tenant', exchange(outsider, subject), 'invalid_grant'],
      ['not the one named', exchange(actor, named), 'invalid_grant'],
      ['no token', exchange(actor, 'nothing'), 'invalid_grant'],
      ['the token of another as its own', exchange(actor, subject, { actor_token: subject }), 'invalid_grant'],
      ['a scope that the subject lacks', exchange(actor, subject, { scope: 'a2a:send' }), 'invalid_scope'],
      ['another resource', exchange(actor, subject, { resource: 'https://elsewhere.example' }), 'invalid_target'],
      [
        'two resources',
        exchange(actor, subject, { resource: publicUrl, audience: `${publicUrl}/t/acme` }),
        'invalid_target',
      ],
      ['another kind', exchange(actor, subject, { requested_token_type: 'urn:x' }), 'invalid_request'],
    ];
    for (const [what, answering, error] of cases) {
      const answer = await answering;
      assert.equal(answer['error'], error, `${what}: ${JSON.stringify(answer)}`);
      assert.equal(answer['access_token'], undefined);
    }
    assert.deepEqual(await counted(), before);
  });

  it('opens with a token for one resource that resource, and nothing else', async () => {
    const agents = `${publicUrl}/t/acme/agents`;
    await setting.tenant.client.admin.registerAgent({ body: { name: 'second', cardUrl: setting.agent.cardUrl } });
    const tokens = {
      agent: (await issue(url, setting.tenant, { resource: `${agents}/stepper` })).token,
      tenant: (await issue(url, setting.tenant, { resource: `${publicUrl}/t/acme` })).token,
      platform: (await issue(url, setting.tenant, { resource: publicUrl })).token,
    };
    const listAt = async (node: string, agent: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'a2a-version': '1.0' };
      return (await fetch(`${node}/t/acme/agents/${agent}/tasks`, { headers })).status;
    };
    for (const node of [url, other]) {
      const seen = await Promise.all(
        Object.values(tokens).map(async (token) => [
          await listAt(node, 'stepper', token),
          await listAt(node, 'second', token),
          await statusFor(node, token),
        ]),
      );
      assert.deepEqual(seen, [
        [200, 401, 401],
        [200, 200, 401],
        [200, 200, 200],
      ]);
    }
    for (const resource of [
      `${publicUrl}/t/other/agents/x`,
      `${publicUrl}/api/v1`,
      `${publicUrl}/t/acme?x`,
      `${agents}/x/y`,
    ]) {
      const form = { grant_type: 'client_credentials', resource };
      const answer = await postForm(`${url}/oauth/token`, setting.tenant, form);
      assert.equal(((await answer.json()) as { error?: string }).error, 'invalid_target', resource);
    }
    const actor = await newClient(['a2a:read']);
    const narrow = await exchange(actor, tokens.agent);
    assert.equal(decodeJwt(String(narrow['access_token'])).aud, `${agents}/stepper`);
    assert.equal((await exchange(actor, tokens.agent, { resource: publicUrl }))['error'], 'invalid_target');
    await eventually(
      'it works where it is for',
      async () => (await listAt(other, 'stepper', String(narrow['access_token']))) === 200,
    );
  });
});
