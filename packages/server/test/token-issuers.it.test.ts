/**
 * Guarantee: processes on one database accept each other's tokens, whether they have a common public address or each its own; tokens of another
 * address are refused, whatever key signed them.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ColloquyError } from '@colloquy/sdk/client';
import { serveAgent } from '@colloquy/sdk/agent';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';

describe('tokens of two processes without a public address', () => {
  let first: TestPlatform;
  let second: TestPlatform;
  let tenant: TestTenant;
  before(async () => {
    first = await startTestPlatform();
    second = await startTestPlatform({ database: first.database });
    tenant = await first.createTenant('acme', { credits: 100 });
  });
  after(async () => {
    await second[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
  });

  /** The status of a request to `at` with a token that `from` has issued. */
  async function statusOf(from: TestPlatform, at: TestPlatform): Promise<number> {
    const { accessToken } = await from.clientOf(tenant).issueToken();
    const headers = { authorization: `Bearer ${accessToken}` };
    return (await fetch(`${at.url}/api/v1/tenants/acme/agents`, { headers })).status;
  }

  it('are accepted by the other, of whichever started first', async () => {
    assert.notEqual(first.url, second.url);
    assert.equal(await statusOf(first, second), 200);
    assert.equal(await statusOf(second, first), 200);
  });

  it('are accepted by a process that starts later, also when their own has ended', async () => {
    const ended = await startTestPlatform({ database: first.database });
    const { accessToken } = await ended.clientOf(tenant).issueToken();
    await ended.platform.stop();
    await using late = await startTestPlatform({ database: first.database });
    const headers = { authorization: `Bearer ${accessToken}` };
    for (const { url } of [first, late])
      assert.equal((await fetch(`${url}/api/v1/tenants/acme/agents`, { headers })).status, 200);
  });

  it('are not those of an external issuer: no process registers itself or another as one', async () => {
    const settings = { name: 'own', scopeMap: { read: ['a2a:read' as const] } };
    for (const { url: issuer } of [first, second]) {
      const registering = first.clientOf(tenant).admin.registerIssuer({ body: { ...settings, issuer } });
      await assert.rejects(registering, (error: unknown) => {
        assert.ok(error instanceof ColloquyError);
        assert.equal(error.code, 'request.invalid');
        assert.match(JSON.stringify(error.violations), /another authorization server than this platform/);
        return true;
      });
    }
    assert.deepEqual((await first.clientOf(tenant).admin.listIssuers()).items, []);
  });

  it('keep the delegation chain when an agent called by one process calls another agent through the other process', async () => {
    const client = first.clientOf(tenant);
    await using called = await serveAgent({
      card: { name: 'Called', description: 'Completes.', skills: [] },
      handle: (_message, task) => task.complete('Done.'),
    });
    const through = second.clientOf(tenant).agent('called');
    await using calling = await serveAgent({
      card: { name: 'Calling', description: 'Calls on.', skills: [] },
      async handle(_message, task) {
        await through.send('on');
        await task.complete('Done.');
      },
    });
    for (const [name, agent] of Object.entries({ called, calling })) {
      const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
      await client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: 1 } });
    }
    await client.agent('calling').send('go');
    const { tasks } = await client.agent('called').listTasks();
    const { chain } = await client.admin.inspectTask({ task: tasks[0]?.id ?? '' });
    assert.deepEqual([chain?.depth, chain?.ancestors], [1, ['calling']]);
  });

  it('of another address are refused, though the same keys signed them', async () => {
    const env = { COLLOQUY_PUBLIC_URL: 'http://elsewhere.test' };
    await using elsewhere = await startTestPlatform({ database: first.database, env });
    assert.equal(await statusOf(elsewhere, elsewhere), 200);
    assert.equal(await statusOf(elsewhere, first), 401);
    assert.equal(await statusOf(first, elsewhere), 401);
  });
});
