/** Guarantee: a tenant makes its chains of tasks shorter than the platform allows, never longer, and no other tenant's (T24). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ColloquyError, createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { everyTenantScope, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';

const names = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'];

describe('the depth of delegation chains', () => {
  let platform: TestPlatform;
  const agents: AgentServer[] = [];
  const clients = new Map<string, ColloquyClient>();
  let refusals: string[] = [];

  /** Agents that send each to the next, as long as they may. */
  async function newTenant(slug: string): Promise<TestTenant> {
    const tenant = await platform.createTenant(slug, { scopes: [...everyTenantScope, 'limits:write'] });
    const token = await tenant.client.token();
    const client = createClient({ baseUrl: platform.url, tenant: slug, token });
    clients.set(slug, client);
    for (const [at, name] of names.entries()) {
      const next = names[at + 1];
      const agent = await serveAgent({
        card: { name, description: 'Sends on.', skills: [] },
        handle: async (_message, task) => {
          if (next !== undefined)
            await client
              .agent(next)
              .send('on')
              .catch((error: unknown) => refusals.push(codeOf(error)));
          await task.complete('Done.');
        },
      });
      agents.push(agent);
      const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
      await tenant.client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: 5 } });
    }
    return tenant;
  }

  const codeOf = (error: unknown): string => (error instanceof ColloquyError ? error.code : String(error));

  let acme: TestTenant;
  let globex: TestTenant;
  before(async () => {
    platform = await startTestPlatform();
    [acme, globex] = [await newTenant('acme'), await newTenant('globex')];
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await Promise.all(agents.map((agent) => agent.close()));
  });

  /** What a chain costs that goes on as long as it may: the price of each of its tasks. */
  async function chain({ slug, client }: TestTenant): Promise<number> {
    refusals = [];
    const before = await client.admin.readBalance();
    await clients.get(slug)?.agent('a0').send('go');
    const after = await client.admin.readBalance();
    return (before.availableMicrocredits - after.availableMicrocredits) / 5;
  }

  it('DELEG-2 is the one that the tenant sets, within the bound, from the next send on', async () => {
    const { admin } = acme.client;
    assert.equal((await admin.readDelegationRule()).depthMax, 4);
    assert.deepEqual([await chain(acme), refusals], [5, ['delegation.too-deep']]);
    assert.equal((await admin.setDelegationRule({ body: { depthMax: 1 } })).depthMax, 1);
    assert.deepEqual([await chain(acme), refusals], [2, ['delegation.too-deep']]);
    assert.equal((await admin.setDelegationRule({ body: { depthMax: 3 } })).depthMax, 3);
    assert.deepEqual([await chain(acme), refusals], [4, ['delegation.too-deep']]);
    for (const beyond of [0, 5, 1.5])
      await assert.rejects(
        admin.setDelegationRule({ body: { depthMax: beyond } }).then(({ depthMax }) => depthMax),
        { code: 'request.invalid' },
      );
    assert.equal((await admin.readDelegationRule()).depthMax, 3);
    const { items } = await acme.client.admin.listAuditEntries({ resource: 'delegation' });
    assert.deepEqual(
      items.map(({ action, facts }) => [action, facts]),
      [1, 3].map((depth) => ['delegation.depth-set', { depthMax: String(depth) }]),
    );
  });

  it('of one tenant is not that of another, and no client sets it that may only read', async () => {
    assert.deepEqual([await chain(globex), refusals], [5, ['delegation.too-deep']]);
    const reader = await platform.createClient('globex', 'reader', ['a2a:read']);
    assert.equal((await reader.admin.readDelegationRule()).depthMax, 4);
    await assert.rejects(
      reader.admin.setDelegationRule({ body: { depthMax: 1 } }).then(({ depthMax }) => depthMax),
      { code: 'access.scope-missing' },
    );
    assert.equal((await globex.client.admin.readDelegationRule()).depthMax, 4, 'and nothing changed');
  });
});
