/**
 * Guarantee: what a card says of an agent beyond its protocol is what routing, dispatch and searches go by, from the commit that put the
 * card in use, and never what a card of before the checks may have claimed wrongly.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import type { NewAgent } from '../src/modules/registry/index.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

const enterprise = (params: JsonObject): AgentCard['capabilities'] => ({
  streaming: true,
  extensions: [{ uri: 'urn:colloquy:extension:enterprise:v1', params }],
});
const card: AgentCard = {
  name: 'Invoices',
  description: 'Reads invoices',
  version: '1',
  supportedInterfaces: [{ url: 'http://127.0.0.1:9001/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [
    { id: 'extract', name: 'Extract', description: 'Extracts totals', tags: ['Finance'] },
    { id: 'explain', name: 'Explain', description: 'Explains', tags: [] },
  ],
};
const inputSchema = { type: 'object', properties: { url: { type: 'string' } } };

describe('the profile of an agent', () => {
  let setting: RegistrySetting;
  before(async () => {
    setting = await startRegistrySetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  /** Registers past every check, as rows may be that are older than the checks. */
  async function given(params: JsonObject, terms: Partial<NewAgent> = {}) {
    const caller = await setting.newCaller();
    const tenantId = caller.tenant.id;
    const agentId = setting.ids.next('agt');
    const shown = { ...card, capabilities: enterprise(params) };
    await setting.agents.register(
      {
        tenantId,
        agentId,
        name: 'invoices',
        card: shown,
        document: {},
        cardStanding: { state: 'unsigned', kid: null },
        cardPolicy: { signatures: null, approval: null },
        extendedSkillIds: [],
        cardUrl: null,
        cardVisibility: 'tenant',
        priceMicrocredits: 7n,
        idempotent: true,
        taskMsMax: 1_000,
        credential: null,
        registeredBy: caller.principal.id,
        instance: {
          instanceId: setting.ids.next('ins'),
          url: 'http://127.0.0.1:9001/a2a',
          wire: '1.0 JSONRPC',
          routingTag: null,
        },
        ...terms,
      },
      {
        tenantId,
        entryId: setting.ids.next('ent'),
        actorId: caller.principal.id,
        action: 'agent.registered',
        outcome: 'succeeded',
        resource: 'agents/invoices',
        requestId: caller.requestId,
        facts: {},
      },
    );
    const findRoute = () => createRouteStore(setting.pool).findByName(tenantId, 'invoices');
    return { tenantId, agentId, findRoute };
  }

  it('stands on the route, skill by skill', async () => {
    const skills = {
      extract: { idempotent: false, estimatedMs: 900, cacheTtlMs: 60_000, priceMicrocredits: 12, inputSchema },
    };
    const { findRoute } = await given({ tier: 'gold', slotsMax: 10, skills });
    const route = await findRoute();
    assert.equal(route?.tier, 'gold');
    assert.equal(route.slotsMax, 10);
    assert.deepEqual(
      [...route.skills.values()],
      [
        {
          skillId: 'extract',
          idempotent: false,
          estimatedMs: 900,
          cacheTtlMs: 60_000,
          priceMicrocredits: 12n,
          inputSchema,
          outputSchema: null,
        },
        {
          skillId: 'explain',
          idempotent: true,
          estimatedMs: null,
          cacheTtlMs: null,
          priceMicrocredits: null,
          inputSchema: null,
          outputSchema: null,
        },
      ],
    );
  });

  it('takes nothing from an extension that says nonsense', async () => {
    const nonsense = {
      tier: 'platinum',
      slotsMax: -1,
      regions: 'everywhere',
      status: 7,
      department: { a: 1 },
      skills: [{ extract: 1 }],
    };
    const route = await (await given(nonsense)).findRoute();
    assert.equal(route?.tier, 'silver');
    assert.equal(route.slotsMax, null);
    assert.equal(route.skills.get('extract')?.inputSchema, null);
    const { findRoute } = await given({
      skills: { extract: { estimatedMs: 'soon', inputSchema: true, idempotent: 1 } },
    });
    const skill = (await findRoute())?.skills.get('extract');
    assert.deepEqual([skill?.estimatedMs, skill?.inputSchema, skill?.idempotent], [null, null, true]);
  });

  it('leaves no trace to find a deregistered agent by, but its skills for the tasks that are open', async () => {
    const { tenantId, agentId } = await given({ tier: 'gold' });
    const entry = {
      tenantId,
      entryId: setting.ids.next('ent'),
      actorId: 'cli_1',
      action: 'agent.deregistered',
      outcome: 'succeeded',
      resource: 'agents/invoices',
      requestId: 'req_1',
      facts: {},
    } as const;
    const found = () =>
      setting.rows(
        `select (select count(*)::int from colloquy.agent_facets f where f.tenant_id::text = t.id) as facets,
          (select count(*)::int from colloquy.agent_texts x where x.tenant_id::text = t.id) as texts
         from (select regexp_replace($1, '^tnt_(.{8})(.{4})(.{4})(.{4})(.{12})$', '\\1-\\2-\\3-\\4-\\5') as id) t`,
        tenantId,
      );
    assert.deepEqual(await found(), [{ facets: 7, texts: 1 }]);
    assert.ok(await setting.agents.deregister(tenantId, 'invoices', entry));
    assert.deepEqual(await found(), [{ facets: 0, texts: 0 }]);
    assert.equal((await createRouteStore(setting.pool).findById(tenantId, agentId))?.skills.size, 2);
  });
});
