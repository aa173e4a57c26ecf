/** Guarantee: a task costs what the skill costs that it is sent for, and who can not pay that is refused before anybody works. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { say, startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';

const skillUri = 'urn:colloquy:extension:skill:v1';
const enterpriseUri = 'urn:colloquy:extension:enterprise:v1';
const dear = 900_000_000_000_000;
const prices = { cheap: 2, usual: null, dear } as const;

describe('the price of a skill', () => {
  let setting: A2aSetting;
  let agent: AgentServer;
  let calls = 0;
  before(async () => {
    setting = await startA2aSetting();
    const said = Object.entries(prices).filter(([, price]) => price !== null);
    const params = {
      ...Object.fromEntries(said.map(([id, priceMicrocredits]) => [id, { priceMicrocredits }])),
      'per-lead': { price: { perCall: '0.000001', perItem: { price: '0.5', of: '$.leadIds[*]' } } },
    };
    agent = await serveAgent({
      card: {
        name: 'Priced',
        description: 'Has prices.',
        skills: [...Object.keys(prices), 'per-lead'].map((id) => ({ id, name: id, description: id, tags: ['priced'] })),
        capabilities: { extensions: [{ uri: enterpriseUri, params: { skills: params } }] },
      },
      async handle(message, task) {
        calls += 1;
        const isMany = message.parts.some(({ data }) => data !== undefined && JSON.stringify(data).includes('many'));
        if (isMany) task.usage({ items: 2, units: { tokens: 7 } });
        await task.complete('Done.');
      },
    });
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await setting.tenant.client.admin.registerAgent({ body: { name: 'priced', cardUrl, priceMicrocredits: 50 } });
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await agent.close();
  });

  const send = (skill: string, at = 'agents/priced', more: Parameters<typeof say>[1] = {}) =>
    setting.call(`/t/${setting.tenant.slug}/${at}/message:send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: JSON.stringify(say('work', { metadata: { [skillUri]: { id: skill } }, ...more })),
    });
  const wallet = async () => {
    const [row] = await setting.rows(`select used_microcredits::text as spent, reserved_microcredits::text as reserved
      from colloquy.wallets w join colloquy.tenants t using (tenant_id) where t.slug = '${setting.tenant.slug}'`);
    return { spent: Number(row?.['spent']), reserved: Number(row?.['reserved']) };
  };

  it('CREDIT-11 is what is paid for it, and for others the price of the agent', async () => {
    for (const [skill, at, price] of [
      ['cheap', 'agents/priced', 2],
      ['usual', 'agents/priced', 50],
      ['unheard-of', 'agents/priced', 50],
      ['cheap', 'router', 2],
    ] as const) {
      const { spent } = await wallet();
      const answer = await send(skill, at);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(await wallet(), { spent: spent + price, reserved: 0 }, `${skill} at ${at}`);
    }
  });

  it('CREDIT-15 is counted by the items of the message where the card says so', async () => {
    const { spent } = await wallet();
    const parts = [{ data: { leadIds: ['a', 'b', 'c'] } }];
    const answer = await send('per-lead', 'agents/priced', { parts });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await wallet(), { spent: spent + 1_500_001, reserved: 0 });
  });

  it('CREDIT-15 is told to administrators part by part, with what the agent reported', async () => {
    const answer = await send('per-lead', 'agents/priced', { parts: [{ data: { leadIds: ['many', 'b', 'c'] } }] });
    const id = /tsk_[0-9a-f]{32}/.exec(answer.text)?.[0] ?? '';
    const { usage, costLines, ...task } = await setting.tenant.client.admin.inspectTask({ task: id });
    assert.deepEqual(
      [task.reservedMicrocredits, task.settledMicrocredits, task.releasedMicrocredits],
      [1_500_001, 1_000_001, 500_000],
    );
    assert.deepEqual(costLines, [
      { component: 'call', quantity: 1, unitMicrocredits: 1, amountMicrocredits: 1 },
      { component: 'items', quantity: 2, unitMicrocredits: 500_000, amountMicrocredits: 1_000_000 },
    ]);
    assert.deepEqual({ ...usage, seconds: 0 }, { seconds: 0, items: 2, units: { tokens: 7 } });
    const plain = await send('cheap');
    const cheapId = /tsk_[0-9a-f]{32}/.exec(plain.text)?.[0] ?? '';
    const cheap = await setting.tenant.client.admin.inspectTask({ task: cheapId });
    assert.deepEqual(cheap.costLines, [{ component: 'call', quantity: 1, unitMicrocredits: 2, amountMicrocredits: 2 }]);
    assert.equal(cheap.usage, undefined);
    const [listed] = (await setting.tenant.client.admin.listTasks({ limit: 1 })).items;
    assert.equal(listed?.settledMicrocredits, 2);
  });

  it('is there before the work is done', async () => {
    const [known, heard] = [await wallet(), calls];
    const answer = await send('dear');
    assert.match(answer.text, /credits\.insufficient/);
    assert.deepEqual([await wallet(), calls], [known, heard]);
  });
});
