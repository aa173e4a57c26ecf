/**
 * Guarantee: a skill is called only with inputs that fit its schema, once for an idempotency key, by callers with the right. Its task shows the outcome
 * in one shape, and its log can be followed from any event. Inputs that violate the schema are refused with a path, and cost nothing.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';

const inputSchema = {
  type: 'object',
  required: ['leads', 'model'],
  properties: { leads: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } } },
};
const outputSchema = { type: 'object', required: ['score'], properties: { score: { type: 'number' } } };
const inputs = { leads: [{ id: 'l-1' }], model: 'latest' };

type Body = Readonly<Record<string, unknown>>;

describe('a call of a skill', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let outsider: TestTenant;
  let agent: AgentServer;
  let heard = 0;
  const contexts: string[] = [];
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));

  before(async () => {
    platform = await startTestPlatform();
    [tenant, outsider] = [await platform.createTenant('acme'), await platform.createTenant('other')];
    const skills = { score: { idempotent: true, inputSchema, outputSchema }, plain: {} };
    agent = await serveAgent({
      card: {
        name: 'Scorer',
        description: 'Scores leads.',
        skills: ['score', 'plain'].map((id) => ({ id, name: id, description: id, tags: [] })),
        capabilities: { extensions: [{ uri: 'urn:colloquy:extension:enterprise:v1', params: { skills } }] },
      },
      async handle({ parts }, task) {
        heard += 1;
        contexts.push(task.contextId);
        const asked = JSON.stringify(parts[0]?.data);
        if (asked.includes('hold')) await held;
        await task.artifact({ id: 'scores', parts: [{ data: { score: asked.includes('lie') ? 'high' : 0.5 } }] });
        return task.complete('scored');
      },
      onError: () => undefined,
    });
    await tenant.client.admin.registerAgent({ body: { name: 'scorer', cardUrl: new URL(agent.url).origin } });
  });
  after(async () => {
    letGo();
    await agent[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  async function open(method: string, path: string, more: { json?: object; headers?: object; who?: TestTenant } = {}) {
    return fetch(`${platform.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await (more.who ?? tenant).client.token()}`,
        ...(more.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...more.headers,
      },
      ...(more.json === undefined ? {} : { body: JSON.stringify(more.json) }),
    });
  }
  async function ask(...call: Parameters<typeof open>): Promise<{ status: number; body: Body }> {
    const response = await open(...call);
    // The platform answers with an object.
    return { status: response.status, body: (await response.json()) as Body };
  }
  const call = (json: object, more: { headers?: object; who?: TestTenant; path?: string } = {}) =>
    ask('POST', more.path ?? '/agents/scorer/skills/score/tasks', { json, ...more });
  const ended = (taskId: unknown): Promise<Body> =>
    eventually('the task ends', async () => {
      const { body } = await ask('GET', `/tasks/${String(taskId)}`);
      return body['completedAt'] === undefined ? undefined : body;
    });
  const spent = async (): Promise<number> => {
    const { reservedMicrocredits, usedMicrocredits } = await tenant.client.admin.readBalance();
    return reservedMicrocredits + usedMicrocredits;
  };

  it('begins a task that says what was asked, and gives what its schema promises', async () => {
    const { status, body } = await call({ inputs, priority: 9, deadline: new Date(Date.now() + 60_000).toISOString() });
    assert.equal(status, 201);
    assert.deepEqual([body['type'], body['inputs'], body['targetAgentId']], ['score', inputs, 'scorer']);
    const task = await ended(body['taskId']);
    assert.deepEqual(
      [task['status'], task['outputs'], task['outputViolations']],
      ['completed', { score: 0.5 }, undefined],
    );
    assert.equal(typeof task['actualDuration'], 'number');
  });

  it('TASK-20 TASK-22 shows its caller the context that the caller chose, and its agent another id', async () => {
    contexts.length = 0;
    for (let nth = 0; nth < 2; nth += 1) {
      const { body } = await call({ inputs, contextId: 'session-1' });
      assert.equal((await ended(body['taskId']))['contextId'], 'session-1');
    }
    assert.equal(contexts.length, 2);
    assert.equal(new Set([...contexts, 'session-1']).size, 2);
  });

  it('says where outputs break their schema, of a task that is completed all the same', async () => {
    const { body } = await call({ inputs: { ...inputs, model: 'lie' } });
    const task = await ended(body['taskId']);
    assert.equal(task['status'], 'completed');
    assert.deepEqual(task['outputViolations'], [{ field: '/score', description: 'must be number' }]);
  });

  it('is refused with the path of each violation, and tells no agent and costs nothing', async () => {
    const [heardBefore, spentBefore] = [heard, await spent()];
    const wrong = await call({ inputs: { leads: [{ id: 'l-1' }, { id: 2 }] } });
    assert.deepEqual([wrong.status, wrong.body['code']], [400, 'request.invalid']);
    assert.deepEqual(wrong.body['violations'], [
      { field: '/inputs/model', description: 'is required' },
      { field: '/inputs/leads/1/id', description: 'must be string' },
    ]);
    for (const json of [
      { inputs, deadline: '2020-01-01T00:00:00Z' },
      { inputs, deadline: 'soon' },
      { inputs, deadline: '2999-01-01T00:00:00Z' },
      { inputs, priority: 10 },
      { inputs: [] },
      {},
    ])
      assert.equal((await call(json)).status, 400, JSON.stringify(json));
    const unknown = await call({ inputs }, { path: '/agents/scorer/skills/fly/tasks' });
    assert.deepEqual([unknown.status, unknown.body['code']], [404, 'task.skill-unknown']);
    const missing = await call({ inputs }, { path: '/agents/missing/skills/score/tasks' });
    const foreign = await call({ inputs }, { who: outsider });
    assert.deepEqual([missing.status, missing.body['code']], [404, 'registry.agent-unknown']);
    assert.deepEqual([foreign.status, foreign.body['code']], [404, 'registry.agent-unknown']);
    assert.deepEqual([heard, await spent()], [heardBefore, spentBefore]);
  });

  it('is done once for a key, and another call under the key is a conflict', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await call({ inputs }, { headers });
    const again = await call({ inputs }, { headers });
    assert.equal(again.body['taskId'], first.body['taskId']);
    const other = await call({ inputs: { ...inputs, model: 'other' } }, { headers });
    assert.deepEqual([other.status, other.body['code']], [409, 'task.idempotency-conflict']);
    await ended(first.body['taskId']);
  });

  it('is followed from its beginning and from any event, by its caller alone', async () => {
    const { body } = await call({ inputs });
    const path = `/tasks/${String(body['taskId'])}`;
    const events = async (headers: object = {}): Promise<readonly { id: string; data: Body }[]> => {
      const response = await open('GET', `${path}/events`, { headers });
      assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
      const text = await response.text();
      // The data of each event is an object.
      return Array.from(text.matchAll(/id: ?(\d+)\ndata: ?(.*)\n/g), ([, id = '', data = '']) => ({
        id,
        data: JSON.parse(data) as Body,
      }));
    };
    const all = await events();
    assert.deepEqual([all[0]?.data['status'], all.at(-1)?.data['status']], ['submitted', 'completed']);
    assert.ok(all.some(({ data }) => JSON.stringify(data['outputs']) === '{"score":0.5}'));
    assert.deepEqual(await events({ 'last-event-id': all[0]?.id ?? '' }), all.slice(1));
    for (const url of [path, `${path}/events`]) {
      const refused = await ask('GET', url, { who: outsider });
      assert.deepEqual([refused.status, refused.body['code']], [404, 'task.unknown'], url);
    }
    const ahead = await ask('GET', `${path}/events`, { headers: { 'last-event-id': '999' } });
    assert.deepEqual([ahead.status, ahead.body['code']], [400, 'request.invalid']);
  });

  it('QUEUE-20 and a message over A2A are refused alike when their priority or their deadline is none, and cost nothing', async () => {
    const [heardBefore, spentBefore] = [heard, await spent()];
    const past = new Date(Date.now() - 1_000).toISOString();
    for (const requested of [{ priority: 10 }, { priority: -1 }, { deadline: past }, { deadline: 'soon' }]) {
      assert.equal((await call({ inputs, ...requested })).status, 400, JSON.stringify(requested));
      await assert.rejects(tenant.client.agent('scorer').send('hello', requested), { code: 'request.invalid' });
      const metadata = { 'urn:colloquy:extension:dispatch:v1': requested };
      const message = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }], metadata };
      const { status } = await fetch(`${platform.url}/t/acme/agents/scorer/message:send`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await tenant.client.token()}`,
          'content-type': 'application/json',
          'a2a-version': '1.0',
        },
        body: JSON.stringify({ message }),
      });
      assert.equal(status, 400, JSON.stringify(requested));
    }
    assert.deepEqual([heard, await spent()], [heardBefore, spentBefore]);
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const { task } = await tenant.client.agent('scorer').send([{ data: inputs }], { priority: 9, deadline });
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
  });

  it('shows its caller what it costs, before and after its end', async () => {
    const cost = ({ reservedMicrocredits, settledMicrocredits, releasedMicrocredits }: Body) => [
      reservedMicrocredits,
      settledMicrocredits,
      releasedMicrocredits,
    ];
    const { body } = await call({ inputs });
    const [price = 0] = cost(body) as readonly number[];
    assert.ok(price > 0);
    assert.deepEqual(cost(await ended(body['taskId'])), [price, price, 0]);
    const deadline = new Date(Date.now() + 300).toISOString();
    const held = await call({ inputs: { ...inputs, model: 'hold' }, deadline });
    assert.deepEqual(cost(held.body), [price, 0, 0]);
    assert.deepEqual(cost(await ended(held.body['taskId'])), [price, 0, price]);
  });

  it('is a timeout once its deadline has passed, and is not paid', async () => {
    const before = await spent();
    const deadline = new Date(Date.now() + 500).toISOString();
    const { body } = await call({ inputs: { ...inputs, model: 'hold' }, deadline });
    const task = await ended(body['taskId']);
    assert.deepEqual([task['status'], (task['error'] as Body)['code']], ['timeout', 'task.deadline-passed']);
    assert.equal(await spent(), before);
  });
});
