/**
 * Guarantee: a task that a budget does not pay for is refused over every binding alike, as a payment that is required, with the amount that was
 * needed, the amount that is left, the budget and the time when it resets; and it leaves no task behind, also when it is sent on by an agent.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ColloquyError, createClient } from '@colloquy/sdk/client';
import type { AdminClient } from '@colloquy/sdk/client';
import { serveAgent } from '@colloquy/sdk/agent';
import { json, say, version } from './a2a-setting.ts';
import { framed, startGrpcSetting, words } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';

const nextMidnight = (): string => new Date((Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000).toISOString();

interface ErrorInfo {
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface WireError {
  readonly data?: readonly object[];
  readonly details?: readonly object[];
}

/** The first `ErrorInfo` in an answer. HTTP+JSON of 0.3 has the members of the error beside no others. */
function errorInfoIn(answer: WireError & { readonly error?: WireError }): ErrorInfo | undefined {
  const error = answer.error ?? answer;
  const isInfo = (detail: object): detail is ErrorInfo =>
    '@type' in detail && detail['@type'] === 'type.googleapis.com/google.rpc.ErrorInfo';
  return (error.data ?? error.details ?? []).find(isInfo);
}

describe('a task that a budget does not pay for', () => {
  let setting: GrpcSetting;
  let admin: AdminClient;
  before(async () => {
    setting = await startGrpcSetting();
    admin = setting.platform.operator.admin.forTenant(setting.tenant.slug);
    await admin.setBudget({
      budget: 'daily',
      body: { limitMicrocredits: 4, period: 'day', scope: 'agent', subject: 'worker' },
    });
    await admin.setBudget({ budget: 'roomy', body: { limitMicrocredits: 1_000_000, period: 'total' } });
  });
  after(() => setting[Symbol.asyncDispose]());

  const facts = () => ({
    budget: 'daily',
    scope: 'agent',
    subject: 'worker',
    period: 'day',
    neededMicrocredits: '5',
    leftMicrocredits: '4',
    limitMicrocredits: '4',
    resetsAt: nextMidnight(),
  });

  it('CREDIT-39 is refused over every binding of HTTP with the same facts', async () => {
    const message = (over: object) => ({ message: { messageId: randomUUID(), role: 'user', ...over } });
    const old = message({ kind: 'message', parts: [{ kind: 'text', text: 'never' }] });
    const oldRest = message({ role: 'ROLE_USER', content: [{ text: 'never' }] });
    const first = { id: randomUUID(), message: { role: 'user', parts: [{ type: 'text', text: 'never' }] } };
    const rpc = (method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answers = [
      ['1.0 JSONRPC', '', rpc('SendMessage', say('never')), version, 200],
      ['1.0 HTTP+JSON', '/message:send', JSON.stringify(say('never')), version, 402],
      ['0.3 JSONRPC', '', rpc('message/send', old), {}, 200],
      ['0.3 HTTP+JSON', '/v1/message:send', JSON.stringify(oldRest), {}, 402],
      ['0.1 JSONRPC', '', rpc('tasks/send', first), {}, 200],
    ] as const;
    for (const [wire, below, body, headers, status] of answers) {
      const answer = await setting.fetch(setting.path + below, {
        method: 'POST',
        body,
        headers: { ...json, ...headers },
      });
      const text = await answer.text();
      assert.equal(answer.status, status, `${wire}: ${text}`);
      const info = errorInfoIn(JSON.parse(text) as WireError);
      assert.equal(info?.reason, 'credits.budget-exceeded', `${wire}: ${text}`);
      const { requestId, ...details } = info.metadata;
      assert.match(requestId ?? '', /^req_/);
      assert.deepEqual(details, facts(), wire);
    }
    assert.ok(!setting.agent.heard.includes('never'));
    assert.deepEqual(await setting.rows('select task_id from colloquy.tasks'), []);
  });

  it('CREDIT-39 is refused over gRPC of 1.0 and of 0.3 with the same facts', async () => {
    const request = { tenant: setting.tag, ...words('never') };
    const grpc = await setting.call('SendMessage', 'SendMessageRequest', request);
    const content = { message: { messageId: randomUUID(), role: 'ROLE_USER', content: [{ text: 'never' }] } };
    const old = await setting.open('SendMessage', framed('a2a.v1.SendMessageRequest', content), {
      path: '/a2a.v1.A2AService/SendMessage',
      headers: { ':authority': 'worker.agents.example:4802', 'a2a-version': undefined },
    }).end;
    for (const { code, reasons, metadata } of [grpc, old]) {
      assert.deepEqual([code, reasons], [9, ['credits.budget-exceeded']]);
      const { requestId, ...details } = metadata;
      assert.match(requestId ?? '', /^req_/);
      assert.deepEqual(details, facts());
    }
    assert.deepEqual(await setting.rows('select task_id from colloquy.tasks'), []);
  });

  it('CREDIT-39 is refused to an agent that sends on, while its own task goes on', async () => {
    const client = createClient({ baseUrl: setting.platform.url, tenant: setting.tenant.slug, token: setting.token });
    const refusals: unknown[] = [];
    await using agent = await serveAgent({
      card: { name: 'planner', description: 'Sends on.', skills: [] },
      handle: async (_message, task) => {
        await client
          .agent('worker')
          .send('never')
          .catch((error: unknown) => refusals.push(error));
        await task.complete('Done.');
      },
    });
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await admin.registerAgent({ body: { name: 'planner', cardUrl, priceMicrocredits: 3 } });
    await client.agent('planner').send('go', { budgetMicrocredits: 100 });
    const [refusal] = refusals;
    assert.ok(refusal instanceof ColloquyError);
    assert.deepEqual([refusal.code, refusal.details['budget']], ['credits.budget-exceeded', 'daily']);
    const { items } = await admin.listBudgets();
    assert.deepEqual(
      items.map(({ name, spentMicrocredits }) => [name, spentMicrocredits]),
      [
        ['daily', 0],
        ['roomy', 3],
      ],
    );
    assert.equal((await setting.rows('select task_id from colloquy.tasks')).length, 1);
  });
});
