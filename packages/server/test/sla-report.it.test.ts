/**
 * Guarantee: the report of a month says exactly what the tenant's tasks say, judged by the objective when they ended, to this tenant alone.
 * Spec: docs/specs/sla.md, invariants SLA-4, SLA-5, SLA-7 and SLA-8.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SlaReport } from '@colloquy/sdk/client';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually, everyTenantScope, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';

const objective = { availabilityPercent: 99.5, latencyMs: 30_000, latencyPercent: 90 };
const hourMs = 3_600_000;
const scopes = [...everyTenantScope, 'limits:write'];

describe('the report of service levels', () => {
  let platform: TestPlatform;
  let acme: TestTenant;
  const agents: AgentServer[] = [];
  before(async () => {
    platform = await startTestPlatform();
    // The tasks of this file end in one hour, and what is said of agents meanwhile holds from the same next one on.
    const leftMs = hourMs - (Date.now() % hourMs);
    if (leftMs < 10 * 60_000) await platform.database.setClockOffset(leftMs);
    acme = await platform.createTenant('acme', { scopes });
    await register('rates', 'gold');
    await register('words', 'bronze');
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await Promise.all(agents.map((agent) => agent.close()));
  });

  /** An agent that ends as it is told to. */
  async function register(name: string, tier: string): Promise<void> {
    const agent = await serveAgent({
      card: { name, description: 'Ends as it is told to.', skills: [] },
      handle: async (message, task) => {
        const said = message.parts.map((part) => ('text' in part ? part.text : '')).join('');
        if (said === 'fail') await task.fail('It went wrong.');
        else if (said === 'ask') await task.requireInput('Which one?');
        else await task.complete('Done.');
      },
    });
    agents.push(agent);
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await acme.client.admin.registerAgent({ body: { name, cardUrl } });
    const set = await fetch(`${platform.url}/api/v1/tenants/acme/agents/${name}/profile`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await acme.client.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profile: { tier } }),
    });
    assert.equal(set.status, 200, await set.text());
  }

  const admin = () => acme.client.admin;

  /** The report once all is counted that was sent. */
  function reportOf(tasks: number, query: { readonly month?: string } = {}): Promise<SlaReport> {
    return eventually(
      `${tasks} tasks are counted`,
      async () => {
        const report = await admin().readSlaReport(query);
        return report.total.tasks >= tasks && report;
      },
      60_000,
    );
  }

  const monthOf = (date: Date): string => date.toISOString().slice(0, 7);

  it('SLA-7 adds up to what was sent: by agent, by tier and in total', async () => {
    const rates = acme.client.agent('rates');
    for (const said of ['do', 'do', 'do', 'fail']) await rates.send(said);
    const asked = await rates.send('ask');
    assert.ok('task' in asked);
    await rates.cancelTask(asked.task.id);
    for (const said of ['do', 'do']) await acme.client.agent('words').send(said);
    const { total, tiers, items, running, from } = await reportOf(7);
    assert.deepEqual(
      [total.tasks, total.excused, total.served, total.availability.missed, total.latency.missed],
      [7, 1, 0, 1, 0],
    );
    assert.equal(total.state, 'exhausted');
    assert.deepEqual(
      tiers.map(({ tier, tasks, availability }) => [tier, tasks, availability.missed, availability.met]),
      [
        ['gold', 5, 1, false],
        ['silver', 0, 0, undefined],
        ['bronze', 2, 0, true],
      ],
    );
    const [first, second] = items;
    assert.deepEqual([first?.agent, first?.tier, second?.agent, second?.tier], ['rates', 'gold', 'words', 'bronze']);
    assert.deepEqual(first?.availability, {
      objectivePercent: 99.9,
      attainedPercent: 75,
      missed: 1,
      // Four that count, of which a thousandth may fail.
      allowed: 0.004,
      left: -0.996,
      burn: {},
      met: false,
      state: 'exhausted',
    });
    assert.deepEqual(
      [first.latency.attainedPercent, first.latency.targetMs, first.latency.allowed],
      [100, 30_000, 0.15],
    );
    assert.deepEqual([second?.state, second?.availability.attainedPercent], ['ok', 100]);
    assert.deepEqual([running, from.slice(0, 10)], [true, `${monthOf(new Date(from))}-01`]);
    const page = await admin().readSlaReport({ limit: 1 });
    assert.deepEqual([page.items.map(({ agent }) => agent), page.next], [['rates'], 'rates']);
    const next = await admin().readSlaReport({ limit: 1, after: 'rates' });
    assert.deepEqual([next.items.map(({ agent }) => agent), next.next], [['words'], undefined]);
    const alone = await admin().readSlaReport({ agent: 'words' });
    assert.deepEqual([alone.total.tasks, alone.items.length], [2, 1]);
  });

  it('SLA-4 changes from the next full hour on, and says so', async () => {
    const set = await admin().setAgentObjective({ agent: 'words', body: objective });
    assert.deepEqual({ ...set, holdsFrom: '' }, { ...objective, holdsFrom: '' });
    assert.match(set.holdsFrom, /T\d\d:00:00\.000Z$/);
    await acme.client.agent('words').send('do');
    const before = await reportOf(8);
    assert.equal(before.items.at(-1)?.latency.targetMs, 300_000, 'the hour in progress is judged as before');
    const untilThenMs = new Date(set.holdsFrom).getTime() - Date.now();
    await platform.database.setClockOffset(untilThenMs + 60_000);
    await acme.client.agent('words').send('do');
    const after = await eventually(
      'the next hour is counted',
      async () => {
        const report = await admin().readSlaReport({ month: monthOf(new Date(set.holdsFrom)), agent: 'words' });
        return report.items[0]?.latency.targetMs !== 300_000 && report.total.tasks > 0 && report;
      },
      60_000,
    );
    assert.deepEqual(
      after.changes.map(({ agent, availabilityPercent, holdsFrom }) => [agent, availabilityPercent, holdsFrom]),
      [['words', 99.5, set.holdsFrom]],
    );
    const { tiers, items } = await admin().listObjectives();
    assert.deepEqual([tiers.every((tier) => tier.default), items.map(({ agent }) => agent)], [true, ['words']]);
    await admin().unsetAgentObjective({ agent: 'words' });
    assert.deepEqual((await admin().listObjectives()).items, []);
    await assert.rejects(admin().unsetAgentObjective({ agent: 'words' }), { code: 'sla.objective-unknown' });
    const { items: entries } = await acme.client.admin.listAuditEntries({ resource: 'agents/words' });
    assert.deepEqual(
      entries
        .filter(({ action }) => action.startsWith('sla.'))
        .map(({ action, facts }) => [action, facts['latencyMs']]),
      [
        ['sla.objective-set', '30000'],
        ['sla.objective-unset', undefined],
      ],
    );
  });

  it('SLA-5 is a tenant’s own: another tenant sees nothing of it, and a client that may only read sets no objective', async () => {
    const globex = await platform.createTenant('globex', { scopes });
    const empty = await globex.client.admin.readSlaReport();
    assert.deepEqual(
      [empty.total.tasks, empty.items, empty.changes, empty.total.availability.met],
      [0, [], [], undefined],
    );
    assert.deepEqual(
      empty.tiers.map(({ availability, latency }) => [availability.objectivePercent, latency.targetMs]),
      [
        [99.9, 30_000],
        [99.5, 60_000],
        [99, 300_000],
      ],
    );
    await assert.rejects(globex.client.admin.readSlaReport({ agent: 'rates' }), { code: 'registry.agent-unknown' });
    await assert.rejects(globex.client.admin.setAgentObjective({ agent: 'rates', body: objective }), {
      code: 'registry.agent-unknown',
    });
    const foreign = globex.client.admin.forTenant('acme');
    await assert.rejects(foreign.readSlaReport(), { code: 'tenancy.tenant-unknown' });
    await assert.rejects(foreign.setTierObjective({ tier: 'gold', body: objective }), {
      code: 'tenancy.tenant-unknown',
    });
    const reader = await platform.createClient('acme', 'reader', ['a2a:read']);
    assert.ok((await reader.admin.listObjectives()).tiers.length === 3);
    await assert.rejects(reader.admin.setTierObjective({ tier: 'gold', body: objective }), {
      code: 'access.scope-missing',
    });
    assert.deepEqual(
      (await admin().listObjectives()).tiers.map((tier) => tier.default),
      [true, true, true],
    );
  });

  it('SLA-8 refuses an unknown agent or tier, a month that has not begun or is long gone, and an objective of 101 %, and changes nothing', async () => {
    const invalid = { code: 'request.invalid' };
    for (const wrong of [
      { availabilityPercent: 101 },
      { latencyPercent: 0 },
      { latencyMs: 0 },
      { availabilityPercent: 99.99999 },
    ])
      await assert.rejects(admin().setTierObjective({ tier: 'gold', body: { ...objective, ...wrong } }), invalid);
    await assert.rejects(admin().setAgentObjective({ agent: 'missing', body: objective }), {
      code: 'registry.agent-unknown',
    });
    await assert.rejects(admin().setAgentObjective({ agent: 'No Name', body: objective }), {
      code: 'registry.agent-unknown',
    });
    await assert.rejects(admin().setTierObjective({ tier: 'platinum', body: objective }), { code: 'sla.tier-unknown' });
    await assert.rejects(admin().unsetTierObjective({ tier: 'gold' }), { code: 'sla.objective-unknown' });
    for (const month of ['2999-01', '2001-01', '2026-13', '2026-1', 'now'])
      await assert.rejects(admin().readSlaReport({ month }), invalid, month);
    // By the clock of the database, which may be an hour ahead here.
    const keptAround = (hours: number): Date => new Date(Date.now() - limits.slaKeptMs + hours * hourMs);
    await assert.rejects(
      admin().readSlaReport({ month: monthOf(keptAround(-2)) }),
      invalid,
      'a month of which hours are forgotten',
    );
    const whole = keptAround(2);
    const next = new Date(Date.UTC(whole.getUTCFullYear(), whole.getUTCMonth() + 1, 1));
    assert.equal((await admin().readSlaReport({ month: monthOf(next) })).total.tasks, 0);
    await assert.rejects(admin().readSlaReport({ agent: 'missing' }), { code: 'registry.agent-unknown' });
    await assert.rejects(admin().readSlaReport({ after: 'No Name' }), invalid);
    const { tiers, items } = await admin().listObjectives();
    assert.deepEqual([tiers.every((tier) => tier.default), items], [true, []], 'and nothing changed');
  });
});
