/** Guarantee: what a handler sends is in the chain of the task it works on, without a word of its own, and nothing else is (T24). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delegationHeaders, serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';

/** The fields of what an agent sends on. */
const seen: IncomingHttpHeaders[] = [];

describe('a handler that sends', () => {
  let platform: Server;
  let agent: AgentServer;
  let client: ColloquyClient;
  let again: (task: string) => Promise<unknown>;

  before(async () => {
    platform = createServer((request, response) => {
      seen.push(request.headers);
      request.resume();
      const result = { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'ok' }] } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
    });
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
    const { port } = platform.address() as AddressInfo;
    client = createClient({ baseUrl: `http://127.0.0.1:${port}`, tenant: 'acme', token: 'own' });
    agent = await serveAgent({
      card: { name: 'A', description: 'Sends on.', skills: [] },
      handle: async (message, task) => {
        await new Promise((resolve) => setImmediate(resolve));
        const { metadata } = message;
        if (metadata?.['alone'] === true) await client.agent('b').send('on', { delegation: null });
        else await client.agent('b').send('on', { budgetMicrocredits: 5 });
        await task.reply('done');
      },
    });
    again = (task) => post(agent.url, { authorization: `Bearer token-of-${task}`, 'colloquy-task': task });
  });
  after(async () => {
    await agent.close();
    platform.close();
    platform.closeAllConnections();
  });

  async function post(url: string, headers: Record<string, string>, metadata = {}): Promise<unknown> {
    const message = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'go' }], metadata };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } });
    const fields = { ...headers, 'content-type': 'application/json', 'a2a-version': '1.0' };
    const response = await fetch(url, { method: 'POST', headers: fields, body });
    return response.json();
  }

  const passedOn = (headers: IncomingHttpHeaders | undefined) => [
    headers?.authorization,
    headers?.['colloquy-delegation'],
    headers?.['colloquy-task'],
    headers?.['colloquy-budget'],
  ];

  it('passes on the token of its own task, with many at once', async () => {
    seen.length = 0;
    const tasks = Array.from({ length: 20 }, (_, n) => `tsk_${n}`);
    await Promise.all(tasks.map(again));
    assert.deepEqual(
      new Set(seen.map((headers) => passedOn(headers).join())),
      new Set(tasks.map((task) => `Bearer own,token-of-${task},${task},5`)),
    );
  });

  it('passes on nothing when it says so, when no platform called, and outside of its work', async () => {
    seen.length = 0;
    await post(agent.url, { authorization: 'Bearer token', 'colloquy-task': 'tsk_1' }, { alone: true });
    await post(agent.url, { authorization: 'Bearer of-another-client' });
    await client.agent('b').send('on');
    assert.deepEqual(seen.map(passedOn), [
      ['Bearer own', undefined, undefined, undefined],
      ['Bearer own', undefined, undefined, '5'],
      ['Bearer own', undefined, undefined, undefined],
    ]);
    assert.deepEqual(delegationHeaders(), {});
  });
});
