/**
 * Guarantee: a quote says what a call would reserve now, line by line, with the source of the price and whether the wallet holds it. It records
 * nothing, no agent hears of it, and a caller without the right to send learns nothing from it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import type { AdminClient, OperationAnswer } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';

type Quote = OperationAnswer<'quote'>;

const million = 1_000_000;
const enterpriseUri = 'urn:colloquy:extension:enterprise:v1';
const skillUri = 'urn:colloquy:extension:skill:v1';
const skills = {
  score: { price: { perItem: { price: '0.5', of: '$.leadIds[*]' } } },
  parts: {
    price: {
      perCall: 1,
      perSecond: '0.1',
      perUnit: { tokens: { price: '0.01', tiers: [{ upTo: 100, price: '0.02' }] }, images: 2 },
      minimum: 12,
      estimate: { seconds: 20, units: { tokens: 150 } },
    },
  },
  cached: { priceMicrocredits: 10 * million, idempotent: true, cacheTtlMs: 60_000 },
};
const leads = (count: number) => ({ leadIds: Array.from({ length: count }, (_, at) => `lead-${at}`) });

describe('a quote', () => {
  let setting: A2aSetting;
  let admin: AdminClient;
  let agent: AgentServer;
  let calls = 0;

  before(async () => {
    setting = await startA2aSetting();
    ({ admin } = setting.tenant.client);
    agent = await serveAgent({
      card: {
        name: 'Priced',
        description: 'Has prices.',
        skills: [...Object.keys(skills), 'plain'].map((id) => ({ id, name: id, description: id, tags: ['priced'] })),
        capabilities: { extensions: [{ uri: enterpriseUri, params: { skills } }] },
      },
      async handle(_message, task) {
        calls += 1;
        await task.complete('Done.');
      },
    });
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await admin.registerAgent({ body: { name: 'priced', cardUrl, priceMicrocredits: 3 * million } });
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await agent.close();
  });

  const quote = (body: Parameters<AdminClient['quote']>[0]['body'], name = 'priced'): Promise<Quote> =>
    admin.quote({ agent: name, body });
  const refused = async (code: string, asked: Promise<unknown>): Promise<void> => {
    await assert.rejects(asked, { code });
  };

  it('of 200 leads at 0.5 is 100 credits, counted in the inputs, and nothing is recorded', async () => {
    const before = await setting.everyRow();
    const said = await quote({ skill: 'score', inputs: leads(200) });
    assert.deepEqual(said, {
      agent: 'priced',
      skill: 'score',
      source: { kind: 'card', cardVersion: 1 },
      lines: [
        {
          component: 'items',
          quantity: 200,
          unitMicrocredits: 500_000,
          amountMicrocredits: 100 * million,
          basis: 'inputs',
        },
      ],
      totalMicrocredits: 100 * million,
      reserveMicrocredits: 100 * million,
      availableMicrocredits: said.availableMicrocredits,
      budgets: [],
      affordable: true,
    });
    assert.equal(await setting.everyRow(), before);
    assert.equal(calls, 0);
  });

  it('is the same for a message of A2A, by its data and the skill that it names', async () => {
    const message = {
      parts: [{ text: 'all of these' }, { data: leads(7) }],
      metadata: { [skillUri]: { id: 'score' } },
    };
    const said = await quote({ message });
    assert.deepEqual([said.skill, said.totalMicrocredits], ['score', 3.5 * million]);
    assert.deepEqual((await quote({ skill: 'score', message: { parts: message.parts } })).lines, said.lines);
  });

  it('explains each part: what is estimated, what is unknown, and the minimum', async () => {
    const { lines, totalMicrocredits } = await quote({ skill: 'parts' });
    assert.deepEqual(
      lines.map(({ component, unit, quantity, amountMicrocredits, basis }) => [
        unit ?? component,
        quantity,
        amountMicrocredits / million,
        basis,
      ]),
      [
        ['call', 1, 1, 'fixed'],
        ['seconds', 20, 2, 'estimate'],
        ['images', undefined, 1, 'unknown'],
        ['tokens', 150, 2.5, 'estimate'],
        ['minimum', 1, 5.5, 'minimum'],
      ],
    );
    assert.equal(totalMicrocredits, 12 * million);
  });

  it('says why the inputs do not say the number of items, and then costs the default, never nothing', async () => {
    for (const [body, problem] of [
      [{}, 'no-inputs'],
      [{ message: { parts: [{ text: 'score all my leads' }] } }, 'no-inputs'],
    ] as const) {
      const { lines, reserveMicrocredits } = await quote({ skill: 'score', ...body });
      assert.deepEqual([lines[0]?.problem, lines[0]?.basis, reserveMicrocredits], [problem, 'unknown', million]);
    }
    await admin.setPriceOverride({
      agent: 'priced',
      skill: 'score',
      body: { price: { perItem: { price: 2, of: '$.n' } } },
    });
    const inForce = await eventually('the override holds', async () => {
      const said = await quote({ skill: 'score', inputs: { n: 3 } });
      return said.source.kind === 'override' ? said : undefined;
    });
    assert.deepEqual([inForce.source.skill, inForce.totalMicrocredits], ['score', 6 * million]);
    assert.ok(Date.parse(inForce.source.effectiveFrom ?? '') <= Date.now() + 60_000);
    for (const [inputs, problem] of [
      [{ n: 'many' }, 'not-a-number'],
      [{ n: -1 }, 'negative'],
      [{ n: 1e15 }, 'too-large'],
    ] as const) {
      const { lines, reserveMicrocredits } = await quote({ skill: 'score', inputs });
      assert.deepEqual([lines[0]?.problem, reserveMicrocredits], [problem, million]);
    }
    const most = await quote({ skill: 'score', inputs: { n: 9_000_000_000 } });
    assert.deepEqual([most.totalMicrocredits, most.affordable], [9_000_000_000_000_000, false]);
    await admin.unsetPriceOverrides({ agent: 'priced', skill: 'score' });
    await eventually('the card holds again', async () => (await quote({ skill: 'score' })).source.kind === 'card');
  });

  it('has the price of the registration where nothing else is stated, and that of the fallback agent that costs more', async () => {
    const plain = await quote({ skill: 'plain' });
    assert.deepEqual([plain.source, plain.totalMicrocredits], [{ kind: 'registration' }, 3 * million]);
    await admin.setResiliencePolicy({ agent: 'worker', body: { fallback: ['priced'] } });
    const both = await eventually('the fallback agent is known', async () => {
      const said = await quote({}, 'worker');
      return said.reservedFor === undefined ? undefined : said;
    });
    assert.deepEqual([both.totalMicrocredits, both.reserveMicrocredits, both.reservedFor], [5, 3 * million, 'priced']);
  });

  it('names the budgets that would pay, and which of them refuses', async () => {
    const body = (limit: number, mode: 'hard' | 'soft') => ({
      scope: 'skill' as const,
      subject: 'priced/score',
      limitMicrocredits: limit * million,
      period: 'day' as const,
      mode,
    });
    const owner = setting.platform.operator.admin.forTenant(setting.tenant.slug);
    await owner.setBudget({ budget: 'leads', body: body(4, 'hard') });
    await owner.setBudget({ budget: 'watch', body: body(1, 'soft') });
    const both = await eventually('the budgets are known', async () => {
      const said = await quote({ skill: 'score', inputs: leads(9) });
      return said.budgets.length === 2 ? said : undefined;
    });
    assert.deepEqual(both.budgets, [
      { name: 'leads', mode: 'hard', leftMicrocredits: 4 * million, allows: false },
      { name: 'watch', mode: 'soft', leftMicrocredits: million, allows: true },
    ]);
    assert.equal(both.affordable, false);
    assert.equal((await quote({ skill: 'score', inputs: leads(8) })).affordable, true);
    // A caller that may only send learns what the refusal of its send would tell it.
    const { admin: sender } = await setting.platform.createClient(setting.tenant.slug, 'sender', ['a2a:send']);
    const told = async (count: number) => {
      const body = { skill: 'score', inputs: leads(count) };
      const { affordable, availableMicrocredits, budgets } = await sender.quote({ agent: 'priced', body });
      return {
        affordable,
        isBalanceShown: availableMicrocredits !== undefined,
        budgets: budgets.map(({ name }) => name),
      };
    };
    assert.deepEqual(await told(8), { affordable: true, isBalanceShown: false, budgets: [] });
    assert.deepEqual(await told(9), { affordable: false, isBalanceShown: false, budgets: ['leads'] });
    assert.deepEqual(await told(9_000), { affordable: false, isBalanceShown: true, budgets: ['leads'] });
    assert.deepEqual((await quote({ skill: 'plain' })).budgets, []);
    for (const budget of ['leads', 'watch']) await owner.unsetBudget({ budget });
  });

  it('of a call that a cached result answers is its part of the price', async () => {
    await admin.setResultTerms({
      agent: 'priced',
      skill: 'cached',
      body: { sharedBy: 'tenant', hitPricePercent: 20, staleMs: 0, on: true },
    });
    const message = { parts: [{ data: { of: 'today' } }] };
    assert.deepEqual((await quote({ skill: 'cached', message })).cached, undefined);
    const sent = { ...message, metadata: { [skillUri]: { id: 'cached' } } };
    const hit = await eventually('the result is cached', async () => {
      await setting.tenant.client.agent('priced').send(sent);
      const said = await quote({ skill: 'cached', message });
      return said.cached === undefined ? undefined : said;
    });
    assert.deepEqual(
      [hit.cached, hit.totalMicrocredits, hit.reserveMicrocredits],
      ['fresh', 10 * million, 2 * million],
    );
    assert.equal(
      (await quote({ skill: 'cached', message: { parts: [{ data: { of: 'tomorrow' } }] } })).cached,
      undefined,
    );
  });

  it('is refused for what no send would begin', async () => {
    await refused('registry.agent-unknown', quote({}, 'missing'));
    await refused('registry.agent-unknown', quote({}, 'router'));
    await refused('task.skill-unknown', quote({ skill: 'none' }));
    await refused('request.invalid', quote({ inputs: {}, message: { parts: [{ text: 'x' }] } }));
    await refused('request.invalid', quote({ message: { parts: [] } }));
    await refused('request.invalid', quote({ message: { parts: [{ text: 'x' }], taskId: `tsk_${'0'.repeat(32)}` } }));
    await refused('request.invalid', quote({ message: { text: 'x' } }));
  });

  it('is for callers that may send: for one skill, where their right is for one', async () => {
    const { platform, tenant } = setting;
    const ask = { agent: 'priced', body: {} };
    const other = await platform.createTenant('quotes-other');
    await refused('registry.agent-unknown', other.client.admin.forTenant(tenant.slug).quote(ask));
    const reader = await platform.createClient(tenant.slug, 'reader', ['a2a:read']);
    await refused('access.scope-missing', reader.admin.quote(ask));
    const limited = await platform.createClient(tenant.slug, 'limited', ['a2a:send']);
    const right = { principal: limited.clientId, role: 'caller', agent: 'priced', skill: 'plain' };
    await admin.createGrant({ body: right });
    assert.equal((await limited.admin.quote({ ...ask, body: { skill: 'plain' } })).skill, 'plain');
    await refused('access.scope-missing', limited.admin.quote({ ...ask, body: { skill: 'score' } }));
    await refused('access.scope-missing', limited.admin.quote(ask));
    await refused('registry.agent-unknown', limited.admin.quote({ ...ask, agent: 'worker' }));
  });
});
