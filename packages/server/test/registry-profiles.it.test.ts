/**
 * Guarantee: what a card says of an agent beyond its protocol is what routing, queueing and searches go by, from the commit that put the
 * card in use, and never what a card of before the checks may have claimed wrongly.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@colloquy/protocol';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { enterpriseParamsOf, getCard } from '../src/modules/registry/index.ts';
import { placeAgent } from './agent-rows.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

const skills = [
  { id: 'extract', name: 'Extract', description: 'Extracts totals', tags: ['Finance'] },
  { id: 'explain', name: 'Explain', description: 'Explains', tags: [] },
];
const inputSchema = { type: 'object', properties: { url: { type: 'string' } } };

describe('the profile of an agent', () => {
  let setting: RegistrySetting;
  before(async () => {
    setting = await startRegistrySetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function given(params: JsonObject) {
    const caller = await setting.newCaller();
    const tenantId = caller.tenant.id;
    const agentId = await placeAgent(setting, caller, { name: 'invoices', skills, params });
    const findRoute = () => createRouteStore(setting.pool).findByName(tenantId, 'invoices');
    return { tenantId, agentId, findRoute };
  }

  it('stands on the route, skill by skill', async () => {
    const settings = {
      extract: { idempotent: false, estimatedMs: 900, cacheTtlMs: 60_000, priceMicrocredits: 12, inputSchema },
    };
    const { findRoute } = await given({ tier: 'gold', slotsMax: 10, skills: settings });
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

  it('survives export: a card as we serve it says it again elsewhere, without what is withheld and the agent’s own address', async () => {
    const own = { extract: { priceMicrocredits: 12, inputSchema }, explain: { estimatedMs: 5 } };
    const said = { department: 'Sales', tier: 'gold', healthUrl: 'http://127.0.0.1:9001/health', skills: own };
    const caller = await setting.newCaller();
    const settings = { extendedSkillIds: ['explain'] };
    await placeAgent(setting, caller, { name: 'invoices', skills, params: said, settings });
    const served = await getCard({ ...setting, publicUrl: () => 'https://colloquy.example' })(caller, 'invoices');
    const params = enterpriseParamsOf(served.card);
    assert.deepEqual(params, { department: 'Sales', tier: 'gold', skills: { extract: own.extract } });
    const { capabilities, skills: shown } = served.card;
    const again = { card: { ...served.card, capabilities, skills: shown } };
    await placeAgent(setting, caller, { name: 'again', skills: shown, settings: again });
    const agent = await setting.agents.find(caller.tenant.id, 'again');
    assert.deepEqual([agent?.profile.department, agent?.profile.tier], ['Sales', 'gold']);
    const [first] = await setting.agents.listSkills(caller.tenant.id, 'again');
    assert.deepEqual([first?.priceMicrocredits, first?.inputSchema], [12n, inputSchema]);
    assert.doesNotMatch(JSON.stringify(served.card), /9001|explain/);
  });
});
