/**
 * Guarantee: an agent is sent at most what its card asks for, from all callers together; less when its tenant or the operator sets less; and an
 * invalid card loosens no limit and refuses no caller. If this were broken, an agent would be flooded that asked not to be.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentCard } from '@colloquy/protocol';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { TestTenant } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { limitsExtensionUri } from '../src/modules/limits/index.ts';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer } from './a2a-setting.ts';
import { assertBooksAreSound } from './task-books.ts';

/** One message in 200 seconds, so that what the machine takes for the test gives back none. */
const tokenMs = 200_000;
const requested = { requestsPerSecond: 1_000 / tokenMs, burst: 3 };
const price = 5;

/** What no card can mean, as JSON. */
const absurd = [
  ...['-1', '0', '1.5', '1000001', '1e300', '1e400', '"3"', '"NaN"', 'null', 'true', '[3]', '{}'].map(
    (burst) => `{"burst":${burst}}`,
  ),
  ...['-1', '0', '0.0001', '1000001', '1e400', '"Infinity"', 'null', '[0.005]'].map(
    (rate) => `{"requestsPerSecond":${rate},"burst":3}`,
  ),
  '"fast"',
  '3',
  '[]',
  'true',
];

type Admin = ColloquyClient['admin'];

/** An agent of a tenant of its own, and a client that sends to it. */
interface LimitedAgent {
  readonly tenant: TestTenant;
  send(token: string): Promise<WireAnswer>;
  /** How many of so many sends, one after another, are let in. The others are refused, and nothing else happens to them. */
  admitted(tries: number): Promise<number>;
  /** What a refusal says of the limit. */
  refusal(): Promise<string>;
}

describe('what an agent’s card says of its limits', () => {
  const clock = new FakeClock();
  let setting: A2aSetting;
  let plainCard: AgentCard;
  let made = 0;
  let offsetMs = 0;
  let admittedInAll = 0;

  before(async () => {
    // The clock is stopped between steps, and the platform must not count as dead for it.
    const env = { COLLOQUY_NODE_FENCE_AFTER_MS: '600000', COLLOQUY_NODE_DEAD_AFTER_MS: '900000' };
    setting = await startA2aSetting({ clock, env });
    const card = await fetch(new URL('/.well-known/agent-card.json', setting.agent.url));
    plainCard = (await card.json()) as AgentCard;
  });
  after(() => setting[Symbol.asyncDispose]());

  const cardThat = (params: object): AgentCard => ({
    ...plainCard,
    capabilities: { ...plainCard.capabilities, extensions: [{ uri: limitsExtensionUri, params: { ...params } }] },
  });

  /** What is set is there before anybody asks as the tenant. */
  async function newAgent(card: AgentCard, set?: (admin: Admin) => Promise<unknown>): Promise<LimitedAgent> {
    const { platform } = setting;
    const tenant = await platform.createTenant(`limited-${(made += 1)}`);
    const admin = platform.operator.admin.forTenant(tenant.slug);
    await admin.registerAgent({ body: { name: 'worker', card, priceMicrocredits: price } });
    await set?.(admin);
    const send = async (token: string): Promise<WireAnswer> => {
      const path = `/t/${tenant.slug}/agents/worker/message:send`;
      const headers = { ...json, ...version };
      const answer = await setting.call(path, { method: 'POST', token, headers, body: JSON.stringify(say('hello')) });
      assert.ok(answer.status === 200 || answer.status === 429, `${answer.status} ${answer.text}`);
      if (answer.status === 200) admittedInAll += 1;
      return answer;
    };
    return {
      tenant,
      send,
      async admitted(tries) {
        const token = await setting.tokenFor(tenant);
        let count = 0;
        for (let tried = 0; tried < tries; tried += 1) if ((await send(token)).status === 200) count += 1;
        return count;
      },
      async refusal() {
        const { status, headers } = await send(await setting.tokenFor(tenant));
        assert.equal(status, 429);
        return headers.get('ratelimit-policy') ?? '';
      },
    };
  }

  /** Lets time pass, for the platform and for its database. */
  async function passes(forMs: number): Promise<void> {
    // Told in the middle of a step, the time of the step would count at both clocks.
    await isTold();
    for (let leftMs = forMs; leftMs > 0; leftMs -= tokenMs) {
      const stepMs = Math.min(leftMs, tokenMs);
      offsetMs += stepMs;
      await setting.platform.database.setClockOffset(offsetMs);
      await clock.advance(stepMs);
    }
  }

  /** Lets the platform tell its database what was taken by the requests before, and hear what is left. */
  async function isTold(): Promise<void> {
    const [row] = await setting.rows('select colloquy.now_utc()::text as now');
    await clock.advance(limits.sharesExchangeMs);
    const told = `select from colloquy.rate_buckets where filled_at > '${String(row?.['now'])}'`;
    await eventually('it is told', async () => (await setting.rows(told)).length > 0);
    assert.equal((await setting.call('/health', { token: null })).status, 200);
  }

  it('is how many messages are let in at once, from all callers together; the next is told when to come back', async () => {
    const agent = await newAgent(cardThat(requested));
    const other = await setting.platform.createClient(agent.tenant.slug, 'other', ['a2a:send']);
    const tokens = [await setting.tokenFor(agent.tenant), await other.token()] as const;
    const heard = setting.agent.heard.length;
    const tries = Array.from({ length: 12 }, (_, at) => agent.send(at % 2 === 0 ? tokens[0] : tokens[1]));
    const answers = await Promise.all(tries);
    const refused = answers.filter(({ status }) => status === 429);
    assert.equal(answers.length - refused.length, requested.burst);
    for (const { headers, text } of refused) {
      assert.match(text, /request\.rate-limited/);
      assert.equal(headers.get('ratelimit-policy'), '"agent";q=3;w=600');
      const seconds = headers.get('retry-after') ?? '';
      assert.ok(Number(seconds) > 100 && Number(seconds) <= 201, seconds);
      assert.equal(headers.get('ratelimit'), `"agent";r=0;t=${seconds}`);
    }
    assert.equal(setting.agent.heard.length, heard + requested.burst);
    const before = await setting.everyRow();
    for (const token of tokens) assert.equal((await agent.send(token)).status, 429);
    assert.equal(await setting.everyRow(), before, 'no task, no credits and no key for what was refused');
    assert.equal(setting.agent.heard.length, heard + requested.burst);
  });

  it('is how fast more are let in, and no more than the burst after a long silence', async () => {
    const agent = await newAgent(cardThat(requested));
    assert.equal(await agent.admitted(5), 3);
    for (let turn = 0; turn < 3; turn += 1) {
      await passes(tokenMs / 2);
      assert.equal(await agent.admitted(1), 0, 'half of the time is no message');
      await passes(tokenMs / 2);
      assert.equal(await agent.admitted(3), 1);
    }
    await passes(5 * tokenMs);
    assert.equal(await agent.admitted(5), 3);
  });

  const setters: readonly (readonly [who: string, set: (admin: Admin) => Promise<unknown>, admitted: number])[] = [
    ['less for the agent', (admin) => admin.setAgentLimit({ agent: 'worker', body: { burstRequests: 2 } }), 2],
    ['a slower rate', (admin) => admin.setAgentLimit({ agent: 'worker', body: { requestsPerSecond: 0.002 } }), 1],
    [
      'less for the tenant',
      (admin) => admin.setTenantLimit({ body: { requestsPerSecond: 0.01, burstRequests: 2 } }),
      2,
    ],
    [
      'more for the agent',
      (admin) => admin.setAgentLimit({ agent: 'worker', body: { requestsPerSecond: 100, burstRequests: 100 } }),
      3,
    ],
    ['more for the tenant', (admin) => admin.setTenantLimit({ body: { requestsPerSecond: 500_000 } }), 3],
  ];
  for (const [what, set, count] of setters)
    it(`holds beside what is set: with ${what} ${count} of 3 are let in`, async () => {
      const agent = await newAgent(cardThat(requested), set);
      assert.equal(await agent.admitted(6), count);
      assert.match(await agent.refusal(), new RegExp(`^"(agent|client)";q=${count};w=\\d+$`));
    });

  it('is refused with the card where it makes no sense, and what held before holds', async () => {
    const agent = await newAgent(cardThat(requested));
    const { slug } = agent.tenant;
    const before = await setting.rows('select count(*)::int as n from colloquy.agent_card_versions');
    const token = await setting.tokenFor(agent.tenant);
    const said = JSON.stringify(cardThat({ instead: 'of this' }));
    for (const params of [...absurd, '{"burst":NaN}', '{"requestsPerSecond":-Infinity}']) {
      const card = said.replace('{"instead":"of this"}', params);
      assert.notEqual(card, said);
      const call = { token, headers: json };
      const body = { POST: `{"name":"absurd","card":${card}}`, PUT: `{"card":${card}}` };
      const path = `/api/v1/tenants/${slug}/agents`;
      const made = await setting.call(path, { ...call, method: 'POST', body: body.POST });
      const changed = await setting.call(`${path}/worker/card`, { ...call, method: 'PUT', body: body.PUT });
      for (const { status, text } of [made, changed]) {
        assert.ok(status === 400 || status === 422, `${params}: ${status} ${text}`);
        assert.match(text, /registry\.card-invalid|request\.invalid/, params);
      }
    }
    assert.deepEqual(await setting.rows('select count(*)::int as n from colloquy.agent_card_versions'), before);
    assert.equal(await agent.admitted(5), 3);
  });

  it('loosens nothing where a stored card makes no sense: what is set holds, and messages go on', async () => {
    const { platform } = setting;
    const tenant = await platform.createTenant('stored');
    const admin = platform.operator.admin.forTenant(tenant.slug);
    const token = await setting.tokenFor(tenant);
    const spoilt = [...absurd.map((params) => `{"uri":"${limitsExtensionUri}","params":${params}}`), '7', '"fast"'];
    const names = spoilt.map((_, at) => `stored-${at}`);
    for (const [at, extension] of spoilt.entries()) {
      const name = names[at] ?? '';
      await admin.registerAgent({ body: { name, card: cardThat(requested), priceMicrocredits: price } });
      await admin.setAgentLimit({
        agent: name,
        body: { requestsPerSecond: requested.requestsPerSecond, burstRequests: 2 },
      });
      const changed = await setting.rows(`
        update colloquy.agent_card_versions v
        set card = jsonb_set(v.card, '{capabilities,extensions,0}', '${extension}')
        from colloquy.agents a where a.tenant_id = v.tenant_id and a.agent_id = v.agent_id and a.name = '${name}'
        returning 1 as changed`);
      assert.equal(changed.length, 1);
    }
    for (const [at, name] of names.entries()) {
      const path = `/t/${tenant.slug}/agents/${name}/message:send`;
      const answers: WireAnswer[] = [];
      for (let tried = 0; tried < 3; tried += 1) {
        const body = JSON.stringify(say('hello'));
        answers.push(await setting.call(path, { method: 'POST', token, headers: { ...json, ...version }, body }));
      }
      const admitted = answers.filter(({ status }) => status === 200).length;
      admittedInAll += admitted;
      // One message and a half is one; all the rest is as if the card said nothing.
      assert.equal(admitted, spoilt[at]?.includes('1.5') === true ? 1 : 2, spoilt[at]);
      const last = answers.at(-1);
      assert.equal(last?.status, 429, spoilt[at]);
      const seconds = Number(last.headers.get('retry-after'));
      assert.ok(seconds >= 99 && seconds <= 201, `${seconds} s with ${String(spoilt[at])}`);
    }
  });

  it('holds as the last card says it, and gives nothing back for the change', async () => {
    const agent = await newAgent(cardThat(requested));
    const { admin } = agent.tenant.client;
    assert.equal(await agent.admitted(4), 3);
    await admin.updateCard({ agent: 'worker', body: { card: cardThat({ ...requested, burst: 5 }) } });
    await passes(limits.routeRefreshMs);
    assert.equal(await agent.refusal(), '"agent";q=5;w=1000');
    await passes(5 * tokenMs);
    assert.equal(await agent.admitted(8), 5);
    await admin.updateCard({ agent: 'worker', body: { card: cardThat({ ...requested, burst: 1 }) } });
    await passes(5 * tokenMs);
    assert.equal(await agent.admitted(4), 1);
    assert.equal(await agent.refusal(), '"agent";q=1;w=200');
    await admin.updateCard({ agent: 'worker', body: { card: plainCard } });
    await passes(limits.routeRefreshMs);
    // The bucket fills by the new rate from the first read of the new card.
    await agent.admitted(1);
    await passes(limits.sharesExchangeMs);
    assert.equal(await agent.admitted(20), 20, 'without the extension the platform’s own limit holds');
  });

  it('leaves a task and a price for every message that was let in, and nothing of the others', async () => {
    assert.equal(setting.agent.heard.length, admittedInAll);
    const [counted] = await setting.rows(`
      select (select count(*)::int from colloquy.tasks) as tasks,
        (select count(*)::int from colloquy.ledger_entries where kind = 'settle' and amount_microcredits = ${price}) as paid,
        (select count(*)::int from colloquy.ledger_entries where kind in ('reserve', 'release')) as moved`);
    assert.deepEqual(counted, { tasks: admittedInAll, paid: admittedInAll, moved: admittedInAll });
    await assertBooksAreSound({ rows: async <Row>(sql: string) => (await setting.rows(sql)) as Row[] });
  });
});
