/** Guarantee: an agent server answers bad input with the protocol's own error, and bad input changes nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { post, rpc, userMessage } from './rpc.ts';

const handled: string[] = [];
let agent: AgentServer;

before(async () => {
  agent = await serveAgent({
    card: { name: 'strict', description: 'Answers what it is told.' },
    handle: async (message, task) => {
      handled.push(text(message));
      await task.complete(text(message));
    },
  });
});
after(() => agent.close());

const get = rpc('GetTask', { id: 'none' });
const deep = `${'['.repeat(65)}${']'.repeat(65)}`;

interface Case {
  readonly name: string;
  readonly body: string;
  readonly headers?: Record<string, string>;
  readonly code: number;
  readonly status?: number;
  readonly reason?: string;
}

const cases: readonly Case[] = [
  { name: 'bad JSON', body: '{', code: -32700 },
  { name: 'a NUL in a string', body: rpc('GetTask', { id: '\0' }), code: -32700 },
  { name: 'a lone surrogate', body: rpc('GetTask', { id: '\ud800' }), code: -32700 },
  { name: 'JSON that nests too deep', body: `{"a":${deep}}`, code: -32700 },
  { name: 'a batch', body: `[${get}]`, code: -32600 },
  { name: 'no id', body: '{"jsonrpc":"2.0","method":"GetTask","params":{"id":"x"}}', code: -32600 },
  { name: 'an unknown method', body: rpc('message/send', {}), code: -32601 },
  {
    name: 'no parts',
    body: rpc('SendMessage', { message: { messageId: 'm', role: 'ROLE_USER', parts: [] } }),
    code: -32602,
  },
  {
    name: 'two kinds of content in a part',
    body: rpc('SendMessage', userMessage('x', { parts: [{ text: 'a', url: 'b' }] })),
    code: -32602,
  },
  { name: 'a negative history length', body: rpc('GetTask', { id: 'x', historyLength: -1 }), code: -32602 },
  { name: 'an unknown task', body: get, code: -32001, reason: 'TASK_NOT_FOUND' },
  {
    name: 'a message to an unknown task',
    body: rpc('SendMessage', userMessage('x', { taskId: 'none' })),
    code: -32001,
    reason: 'TASK_NOT_FOUND',
  },
  {
    name: 'cancel of an unknown task',
    body: rpc('CancelTask', { id: 'none' }),
    code: -32001,
    reason: 'TASK_NOT_FOUND',
  },
  {
    name: 'a subscription to an unknown task',
    body: rpc('SubscribeToTask', { id: 'none' }),
    code: -32001,
    reason: 'TASK_NOT_FOUND',
  },
  {
    name: 'push notifications',
    body: rpc('CreateTaskPushNotificationConfig', { taskId: 'none', url: 'http://x' }),
    code: -32003,
    reason: 'PUSH_NOTIFICATION_NOT_SUPPORTED',
  },
  { name: 'an extended card', body: rpc('GetExtendedAgentCard', {}), code: -32004, reason: 'UNSUPPORTED_OPERATION' },
  { name: 'a list of tasks', body: rpc('ListTasks', {}), code: -32004, reason: 'UNSUPPORTED_OPERATION' },
  {
    name: 'another content type',
    body: 'hello',
    headers: { 'content-type': 'text/plain' },
    code: -32005,
    reason: 'CONTENT_TYPE_NOT_SUPPORTED',
  },
  {
    name: 'another protocol version',
    body: get,
    headers: { 'a2a-version': '99.0' },
    code: -32009,
    reason: 'VERSION_NOT_SUPPORTED',
  },
  {
    name: 'no protocol version, which means 0.3',
    body: get,
    headers: { 'a2a-version': '' },
    code: -32009,
    reason: 'VERSION_NOT_SUPPORTED',
  },
  {
    name: 'a body over the limit',
    body: rpc('SendMessage', userMessage('x'.repeat(4_194_304))),
    code: -32000,
    status: 413,
  },
];

describe('agent server: refusals', () => {
  for (const { name, body, headers, code, status, reason } of cases) {
    it(`answers ${name} with ${code}`, async () => {
      const answer = await post(agent, body, headers);
      assert.equal(answer.status, status ?? 200);
      assert.equal(answer.body.error?.code, code);
      assert.equal(answer.body.result, undefined);
      const [info] = answer.body.error?.data ?? [];
      assert.equal(code === -32602 ? undefined : (info as { reason?: string } | undefined)?.reason, reason);
      assert.deepEqual(handled, []);
    });
  }

  it('names every field that broke a rule', async () => {
    const { body } = await post(agent, rpc('SendMessage', { message: { role: 'ROLE_USER', parts: [{}] } }));
    const violations = JSON.stringify(body.error?.data);
    assert.match(violations, /message\.messageId/);
    assert.match(violations, /message\.parts\[0\]/);
    assert.deepEqual(handled, []);
  });

  it('refuses a body of unknown length once it is over the limit, and goes on serving', async () => {
    let pieces = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        pieces += 1;
        if (pieces > 80) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
    const response = await fetch(agent.url, { method: 'POST', headers, body, duplex: 'half' });
    assert.equal(response.status, 413);
    assert.equal((await post(agent, get)).body.error?.code, -32001);
  });

  it('knows no other address and no other verb', async () => {
    assert.equal((await fetch(new URL('/other', agent.url), { method: 'POST' })).status, 404);
    assert.equal((await fetch(agent.url)).status, 405);
  });

  it('lets caches keep its card and asks them back by entity tag', async () => {
    const url = new URL('/.well-known/agent-card.json', agent.url);
    const first = await fetch(url);
    assert.match(first.headers.get('cache-control') ?? '', /max-age/);
    const card = (await first.json()) as { supportedInterfaces: readonly { url: string }[] };
    assert.equal(card.supportedInterfaces[0]?.url, agent.url);
    const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    assert.equal(again.status, 304);
  });

  it('says nothing of what a handler threw', async () => {
    const seen: unknown[] = [];
    await using broken = await serveAgent({
      card: { name: 'broken', description: 'Throws.' },
      handle: () => {
        throw new Error('password=hunter2');
      },
      onError: (error) => seen.push(error),
    });
    const answer = await post(broken, rpc('SendMessage', userMessage('x')));
    assert.match(JSON.stringify(answer.body), /TASK_STATE_FAILED/);
    assert.doesNotMatch(JSON.stringify(answer.body), /hunter2/);
    assert.equal(seen.length, 1);
  });
});
