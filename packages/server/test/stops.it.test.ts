/**
 * Guarantee: what is stopped is let in on no node any more, and what it had under way is canceled, within five seconds; lifting the stop
 * lets it in again (T25, T03).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';

const reachMs = 5_000;

describe('a stop', () => {
  let one: TestPlatform;
  let other: TestPlatform;
  let tenant: TestTenant;

  before(async () => {
    one = await startTestPlatform();
    other = await startTestPlatform({ database: one.database, env: { COLLOQUY_PUBLIC_URL: one.url } });
    tenant = await one.createTenant('stopped');
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
  });

  function requestToken(node: TestPlatform): Promise<Response> {
    const credentials = { client_id: tenant.clientId, client_secret: tenant.clientSecret };
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...credentials });
    return fetch(`${node.url}/oauth/token`, { method: 'POST', body });
  }

  /** What the nodes answer to a token that they know. */
  async function statuses(nodes: readonly TestPlatform[], token: string): Promise<readonly number[]> {
    const headers = { authorization: `Bearer ${token}` };
    const answers = nodes.map(({ url }) => fetch(`${url}/api/v1/tenants/stopped/agents`, { headers }));
    return (await Promise.all(answers)).map(({ status }) => status);
  }

  it('of a client keeps it out of every node and gives it no tokens, until it is lifted', async () => {
    const nodes = [one, other];
    const { access_token: token } = (await (await requestToken(one)).json()) as { access_token: string };
    const answer = (status: number) => async (): Promise<boolean> =>
      (await statuses(nodes, token)).every((told) => told === status);
    assert.deepEqual(await statuses(nodes, token), [200, 200]);
    const admin = one.operator.admin.forTenant('stopped');
    await admin.stopPrincipal({ principal: tenant.clientId, body: { reason: 'it loops' } });
    await eventually('the client is out on both nodes', answer(401), reachMs);
    for (const node of nodes) assert.equal((await requestToken(node)).status, 401);
    await admin.resumePrincipal({ principal: tenant.clientId });
    await eventually('the client is in again on both nodes', answer(200), reachMs);
    assert.equal((await requestToken(other)).status, 200);
    const { items } = await one.operator.admin.forTenant('stopped').listAuditEntries();
    const actions = items.map(({ action }) => action).filter((action) => action.startsWith('principal.'));
    assert.deepEqual(actions.toSorted(), ['principal.resumed', 'principal.stopped']);
  });
});
