/**
 * Guarantee: sends are spread over the instances of an agent as its policy says, contexts stay where they were on every node, and a copy to
 * a shadow version is answered, recorded and charged to no caller. Spec: docs/specs/routing.md.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import type { AgentRouting } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';

interface Kept {
  readonly instanceId: string;
  readonly reason: string;
  readonly considered?: readonly { readonly instanceId: string; readonly version?: string; readonly verdict: string }[];
  readonly mirror?: { readonly version: string };
}

const versions = ['1', '2', '3'] as const;

describe('an agent with several instances', () => {
  let setting: A2aSetting;
  const places: AgentServer[] = [];
  const heard: string[] = [];
  const mirrored: unknown[] = [];
  const contexts = { sent: new Set<string>(), copied: new Set<string>() };

  before(async () => {
    setting = await startA2aSetting();
    for (const version of versions) {
      const place = await serveAgent({
        card: { name: 'many', description: 'Runs at several places.', skills: [] },
        handle: async (message, task) => {
          heard.push(version);
          const isCopy = message.metadata?.['urn:colloquy:extension:mirror:v1'] !== undefined;
          if (isCopy) mirrored.push(message.metadata);
          (isCopy ? contexts.copied : contexts.sent).add(task.contextId);
          await (version === '3' ? task.fail('The shadow fails.') : task.complete(version));
        },
      });
      places.push(place);
    }
    const { admin } = setting.tenant.client;
    await admin.registerAgent({ body: { name: 'many', cardUrl: cardOf(0), priceMicrocredits: 5 } });
    await setting.rows(`
      update colloquy.agent_instances i set version = '1' from colloquy.agents a where a.agent_id = i.agent_id and a.name = 'many'`);
    for (const [at, version] of versions.entries())
      if (at > 0)
        await setting.rows(`
          insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version, source, version)
          select a.tenant_id, '${randomUUID()}', a.agent_id, '${places[at]?.url ?? ''}', 'JSONRPC', '1.0', 'api', '${version}'
          from colloquy.agents a where a.name = 'many'`);
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await Promise.all(places.map((place) => place.close()));
  });

  const cardOf = (at: number): string => new URL('/.well-known/agent-card.json', places[at]?.url ?? '').href;
  const policy = (changes: Partial<AgentRouting>) =>
    setting.tenant.client.admin.setRouting({
      agent: 'many',
      body: {
        choice: 'least-outstanding',
        sticky: true,
        regions: [],
        versions: [],
        skills: [],
        ...changes,
      },
    });
  const decided = async (
    contextId?: string,
  ): Promise<{ readonly kept: Kept; readonly state: string; readonly id: string }> => {
    const options = contextId === undefined ? {} : { contextId };
    const { task } = await setting.tenant.client.agent('many').send('go', options);
    assert.ok(task !== undefined);
    const { decision } = await setting.tenant.client.admin.inspectTask({ task: task.id });
    return { kept: decision as Kept, state: task.status.state, id: task.id };
  };

  it('gives a canary its share, and a version without one nothing', async () => {
    const versionsOf = { '1': 80, '2': 20, '3': 0 };
    const shares = Object.entries(versionsOf).map(([version, weight]) => ({ version, weight }));
    await policy({ choice: 'weighted', versions: shares });
    await eventually('the policy holds', async () => (await decided()).kept.reason === 'weighted');
    heard.length = 0;
    for (let sends = 0; sends < 60; sends += 1) await decided();
    const share = heard.filter((version) => version === '2').length;
    assert.ok(share >= 2 && share <= 28, `${String(share)} of 60`);
    assert.equal(heard.filter((version) => version === '3').length, 0);
    const { kept } = await decided();
    assert.equal(kept.considered?.length, 3);
    assert.ok(kept.considered.some(({ verdict }) => verdict === 'won'));
  });

  it('ROUTE-4 keeps a context where it was, and moves it when that place is gone', async () => {
    await policy({ versions: [{ version: '3', weight: 0 }] });
    await eventually('the policy holds', async () => (await decided()).kept.reason === 'least-outstanding');
    for (let contexts = 0; contexts < 4; contexts += 1) {
      const contextId = `context-${randomUUID()}`;
      const first = await decided(contextId);
      for (let turns = 0; turns < 4; turns += 1) {
        const { kept } = await decided(contextId);
        assert.deepEqual([kept.instanceId, kept.reason], [first.kept.instanceId, 'sticky']);
      }
      if (contexts > 0) continue;
      const uuid = first.kept.instanceId.replace('ins_', '');
      await setting.rows(`update colloquy.agent_instances set admission = 'draining' where instance_id = '${uuid}'`);
      let moved = first;
      await eventually('the place is known to be gone', async () => {
        moved = await decided(contextId);
        return moved.kept.instanceId !== first.kept.instanceId;
      });
      await setting.rows(`update colloquy.agent_instances set admission = 'active' where instance_id = '${uuid}'`);
      assert.equal((await decided(contextId)).kept.instanceId, moved.kept.instanceId);
    }
  });

  it('ROUTE-6 TASK-21 sends a shadow version copies in the same context, that no caller sees or pays', async () => {
    await policy({ mirror: { version: '3', percent: 100 } });
    await eventually('the policy holds', async () => (await decided()).kept.mirror?.version === '3');
    await eventually('the copies arrived', () => mirrored.length > 0);
    heard.length = 0;
    mirrored.length = 0;
    contexts.sent.clear();
    contexts.copied.clear();
    const before = await setting.tenant.client.admin.readBalance();
    const tasks = async () => Number((await setting.rows('select count(*)::int as n from colloquy.tasks'))[0]?.['n']);
    const count = await tasks();
    const sent = await Promise.all(Array.from({ length: 5 }, () => decided()));
    assert.deepEqual(new Set(sent.map(({ state }) => state)), new Set(['TASK_STATE_COMPLETED']));
    assert.ok(sent.every(({ kept }) => kept.mirror?.version === '3'));
    await eventually('the copies arrived', () => mirrored.length === 5);
    assert.deepEqual(contexts.copied, contexts.sent);
    const now = await setting.tenant.client.admin.readBalance();
    assert.equal(before.availableMicrocredits - now.availableMicrocredits, 25);
    assert.equal(await tasks(), count + 5);
    await setting.tenant.client.admin.unsetRouting({ agent: 'many' });
    await eventually('the policy is gone', async () => (await decided()).kept.mirror === undefined);
    const copies = mirrored.length;
    for (let sends = 0; sends < 3; sends += 1) assert.equal((await decided()).kept.mirror, undefined);
    assert.equal(mirrored.length, copies);
  });
});
