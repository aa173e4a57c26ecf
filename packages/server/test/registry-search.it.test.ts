/**
 * Guarantee: agents are found by what their card in use says and by nothing else, page after page without a gap or a repeat, by indexes and
 * not by reading a tenant's agents, and never by a client of another tenant.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import type { AgentCard, JsonObject } from '@colloquy/protocol';
import { createPool } from '../src/adapters/postgres/pool.ts';
import {
  createAgentSearchStore,
  searchAgents as searchStatement,
} from '../src/adapters/postgres/registry/agent-search-store.ts';
import { setReadOnlyTenant } from '../src/adapters/postgres/set-tenants.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { AgentId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { Page } from '../src/kernel/page.ts';
import { listAgents, SearchCache, searchAgents } from '../src/modules/registry/index.ts';
import type { AgentSearch, RegisteredAgent } from '../src/modules/registry/index.ts';
import { placeAgent } from './agent-rows.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

const nothing: AgentSearch = {
  text: null,
  name: null,
  skill: null,
  tag: null,
  capability: null,
  department: null,
  tier: null,
  region: null,
  status: null,
  health: null,
};
const skill = (id: string, tags: readonly string[], description = 'Does it'): AgentCard['skills'][number] => ({
  id,
  name: id,
  description,
  tags: [...tags],
});

describe('a search for agents', () => {
  let setting: RegistrySetting;
  let caller: Caller;
  const ids = new Map<string, AgentId>();
  before(async () => {
    setting = await startRegistrySetting();
    caller = await setting.newCaller();
    const outsider = await setting.newCaller();
    await place(caller, 'invoices', [skill('extract', ['Finance', 'ocr'], 'Reads totals from scanned invoices')], {
      department: 'Accounting',
      tier: 'gold',
      regions: ['eu-west', 'us-east'],
    });
    await place(caller, 'ledger', [skill('post', ['finance'], 'Posts bookings'), skill('extract', [])], {
      department: 'Accounting',
      tier: 'bronze',
      regions: ['eu-west'],
      status: 'maintenance',
    });
    await place(caller, 'translator', [skill('translate', ['language'], 'Translates letters')], { tier: 'gold' });
    await place(outsider, 'invoices-too', [skill('extract', ['finance'], 'Reads invoices of outsiders')], {});
  });
  after(() => setting[Symbol.asyncDispose]());

  async function place(owner: Caller, name: string, skills: AgentCard['skills'], params: JsonObject): Promise<void> {
    ids.set(name, await placeAgent(setting, owner, { name, skills, params }));
  }

  const find = (wanted: Partial<AgentSearch>, page: { after?: string | null; limit?: number } = {}) =>
    searchAgents(setting)(caller, { ...nothing, ...wanted }, { after: page.after ?? null, limit: page.limit ?? 10 });
  const namesOf = ({ items }: Page<RegisteredAgent>): string[] => items.map(({ name }) => name);

  it('finds agents by every field, and by all of them at once', async () => {
    const expected: readonly [Partial<AgentSearch>, string[]][] = [
      [{}, ['invoices', 'ledger', 'translator']],
      [{ name: 'inv' }, ['invoices']],
      [{ name: 'invoices' }, ['invoices']],
      [{ skill: 'extract' }, ['invoices', 'ledger']],
      [{ tag: 'FINANCE' }, ['invoices', 'ledger']],
      [{ capability: 'extract' }, ['invoices', 'ledger']],
      [{ capability: 'ocr' }, ['invoices']],
      [{ capability: 'streaming' }, ['invoices', 'ledger', 'translator']],
      [{ department: 'Accounting' }, ['invoices', 'ledger']],
      [{ tier: 'gold' }, ['invoices', 'translator']],
      [{ region: 'us-east' }, ['invoices']],
      [{ status: 'maintenance' }, ['ledger']],
      [{ health: 'unknown' }, ['invoices', 'ledger', 'translator']],
      [{ health: 'healthy' }, []],
      [{ text: 'scanned invoice' }, ['invoices']],
      [{ text: 'letters or bookings' }, ['ledger', 'translator']],
      [{ text: 'accounting -scanned' }, ['ledger']],
      [{ text: 'the' }, []],
      [{ text: 'outsiders' }, []],
      [{ text: 'accounting', skill: 'extract', tag: 'ocr', tier: 'gold', region: 'eu-west' }, ['invoices']],
      [{ skill: 'extract', department: 'Accounting', tier: 'bronze', status: 'maintenance', name: 'l' }, ['ledger']],
      [{ skill: 'extract', tier: 'silver' }, []],
      [{ skill: "' or true --" }, []],
      [{ text: `tenant:${caller.tenant.id}` }, []],
    ];
    for (const [wanted, names] of expected) {
      assert.deepEqual(namesOf(await find(wanted)).toSorted(), names, JSON.stringify(wanted));
    }
  });

  it('continues after the last agent of a page, whatever was added or removed meanwhile', async () => {
    for (const wanted of [{}, { skill: 'extract' }, { text: 'accounting or letters' }]) {
      const whole = namesOf(await find(wanted));
      const seen: string[] = [];
      let next: string | null = null;
      do {
        const page: Page<RegisteredAgent> = await find(wanted, { after: next, limit: 1 });
        seen.push(...namesOf(page));
        next = page.next;
        const passing = await placeAgent(setting, caller, { name: '0-passing', skills: [skill('extract', [])] });
        assert.ok(passing);
        await setting.rows('update colloquy.agents set deregistered_at = now() where agent_id = $1', uuidOf(passing));
      } while (next !== null);
      assert.deepEqual(seen, whole);
    }
    await assert.rejects(find({}, { after: '0.1:ledger' }), { code: 'request.invalid' });
    await assert.rejects(find({ text: 'x' }, { after: 'ledger' }), { code: 'request.invalid' });
  });

  it('reveals no other agent to a caller that may read one, not even by a cursor', async () => {
    const rights = { scopes: new Set(['a2a:read']), skills: new Map() };
    const limited = { ...caller, access: { tenant: new Set<string>(), agents: new Map([['translator', rights]]) } };
    const first = { after: null, limit: 1 };
    for (const wanted of [{}, { tier: 'gold' }, { text: 'accounting or letters' }] as const) {
      const page = await searchAgents(setting)(limited, { ...nothing, ...wanted }, first);
      assert.deepEqual([namesOf(page), page.next], [['translator'], null], JSON.stringify(wanted));
    }
    for (const wanted of [{ skill: 'extract' }, { text: 'accounting' }, { name: 'inv' }])
      assert.deepEqual(await searchAgents(setting)(limited, { ...nothing, ...wanted }, first), {
        items: [],
        next: null,
      });
    const listed = await listAgents(setting)(limited, first);
    assert.deepEqual([namesOf(listed), listed.next], [['translator'], null]);
    assert.equal(
      (await listAgents(setting)(caller, first)).next,
      'invoices',
      'a client that may read all agents continues',
    );
  });

  it('shows the best health of the instances that take new tasks', async () => {
    const instance = uuidOf(ids.get('translator') ?? assert.fail());
    const say = (health: string, admission = 'active') =>
      setting.rows(
        'update colloquy.agent_instances set health = $2, admission = $3 where agent_id = $1',
        instance,
        health,
        admission,
      );
    await say('degraded');
    assert.deepEqual(namesOf(await find({ health: 'degraded' })), ['translator']);
    assert.deepEqual(namesOf(await find({ health: 'degraded', text: 'letters' })), ['translator']);
    await say('healthy', 'quarantined');
    assert.deepEqual(namesOf(await find({ health: 'healthy' })), []);
    await say('unknown');
  });

  it('reads only matching agents, as the application’s role and under the tenant policy', async () => {
    const setTenant = `select set_config('colloquy.tenant_ids', '{${uuidOf(caller.tenant.id)}}', false)`;
    const explain = async (wanted: Partial<AgentSearch>): Promise<string> => {
      const statement = searchStatement(
        caller.tenant.id,
        { ...nothing, ...wanted },
        { after: null, limit: 11, names: null },
      );
      const client = await setting.pool.connect();
      try {
        // The tables of a test are so small that reading them whole would be right.
        await client.query(`${setTenant}; set enable_seqscan = off; set enable_bitmapscan = off`);
        const { rows } = await client.query<Record<string, string>>(`explain ${statement.text}`, [...statement.values]);
        return rows.map((row) => row['QUERY PLAN'] ?? '').join('\n');
      } finally {
        await client.query('discard all');
        client.release(true);
      }
    };
    const bySkill = await explain({ skill: 'extract', tier: 'gold' });
    assert.match(bySkill, /Index Cond: [^\n]*facet = 'skill'::text\) AND \(value = [^\n]*/);
    assert.match(
      bySkill,
      /SubPlan[^\n]*\n[^\n]*Index[^\n]*agent_facets[^\n]*\n[^\n]*Index Cond: [^\n]*agent_name = f\.agent_name/,
    );
    assert.doesNotMatch(bySkill, /Seq Scan on (agents|agent_facets)|agent_card_versions/);
    const byWords = await explain({ text: 'invoices' });
    assert.match(byWords, /Function Scan on match_agents/);
    for (const plan of [bySkill, byWords]) {
      assert.match(
        plan,
        /Index Scan using agents_by\w* on agents a[^\n]*\n[^\n]*Index Cond: [^\n]*name = [^\n]*found\.agent_name/,
      );
    }
  });

  it('is planned once, with a plan that stays fast when the registry grows', async () => {
    const options = { url: setting.database.adminUrl, role: 'colloquy_app', applicationName: 'registry-search' };
    const pool = createPool({ ...options, connectionsMax: 1 });
    try {
      const searches = createAgentSearchStore(pool);
      for (const wanted of ['extract', 'post', 'translate', 'none', 'extract', 'post', 'extract'])
        await searches.search(caller.tenant.id, { ...nothing, skill: wanted }, { after: null, limit: 11, names: null });
      const { rows } = await pool.query<Record<string, unknown>>(
        `select custom_plans, generic_plans from pg_prepared_statements where name like 'search-agents-%'`,
      );
      assert.deepEqual(rows, [{ custom_plans: 0n, generic_plans: 7n }]);
      const { rows: settings } = await pool.query<Record<string, unknown>>(
        `select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans`,
      );
      assert.deepEqual(settings, [{ plans: 'auto', scans: 'on' }], 'for the search alone');
    } finally {
      await pool.end();
    }
  });

  it('looks agents up by key, also with a plan that was made while there were few agents', async () => {
    const tenant = setReadOnlyTenant(uuidOf(caller.tenant.id), true);
    const client = await setting.pool.connect();
    try {
      for (const wanted of [{}, { skill: 'x' }, { text: 'x' }, { health: 'healthy', tier: 'gold' }] as const) {
        const page = { after: null, limit: 11, names: null };
        const { text } = searchStatement(caller.tenant.id, { ...nothing, ...wanted }, page);
        await client.query('begin');
        await client.query(tenant.text, [...tenant.values]);
        const { rows } = await client.query<Record<string, string>>(`explain (generic_plan) ${text}`);
        await client.query('rollback');
        const plan = rows.map((row) => row['QUERY PLAN'] ?? '').join('\n');
        assert.match(plan, /on agents a[^\n]*\n[^\n]*Index Cond: [^\n]*name = [^\n]*found\.agent_name/, plan);
        assert.match(plan, /on agent_instances i[^\n]*\n[^\n]*Index Cond: [^\n]*agent_id = a\.agent_id/, plan);
        assert.doesNotMatch(plan, /Hash Join|Merge Join|Materialize|Seq Scan/);
      }
    } finally {
      client.release(true);
    }
  });

  it('of text uses the index that spans tenants, and shows no agent of another tenant', async () => {
    const client = await setting.pool.connect();
    try {
      await client.query(`select set_config('colloquy.tenant_ids', '{${uuidOf(caller.tenant.id)}}', false)`);
      const match = `select agent_name from colloquy.match_agents($1, 'invoic'::tsquery)`;
      const other = await setting.rows('select tenant_id from colloquy.agents where name = $1', 'invoices-too');
      assert.deepEqual((await client.query(match, [uuidOf(caller.tenant.id)])).rows, [{ agent_name: 'invoices' }]);
      assert.deepEqual((await client.query(match, [other[0]?.['tenant_id']])).rows, []);
    } finally {
      client.release(true);
    }
  });

  it('that is repeated is answered from the cache until an agent of the tenant changes or the TTL is over', async () => {
    const clock = new FakeClock();
    let reads = 0;
    const cache = new SearchCache(
      {
        search: (...asked) => {
          reads += 1;
          return setting.searches.search(...asked);
        },
      },
      clock,
    );
    const search = () => searchAgents({ searches: cache })(caller, nothing, { after: null, limit: 10 });
    await search();
    await clock.advance(2 * limits.searchRefreshMs);
    await Promise.all([search(), search()]);
    assert.equal(reads, 2, 'what was asked once and not again is not kept');
    await search();
    assert.equal(reads, 2);
    cache.forget(ids.get('ledger') === undefined ? caller.tenant.id : (await setting.newCaller()).tenant.id);
    await search();
    assert.equal(reads, 2, 'another tenant changed');
    const reading = search();
    cache.forget(caller.tenant.id);
    await reading;
    const late = search();
    cache.forget(caller.tenant.id);
    await late;
    await search();
    assert.equal(reads, 4, 'what was read while it changed is not kept');
    await clock.advance(limits.searchRefreshMs + 1);
    await search();
    assert.equal(reads, 5);
  });
});
