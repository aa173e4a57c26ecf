/**
 * Guarantee: an agent gets exactly the call that was recorded, with its own credential and the platform's statement of the caller, and nothing
 * of the caller's; what it streams arrives in order, as fast as it is taken, until either side ends it.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { JsonObject, StreamResponse } from '@colloquy/protocol';
import { chunk, chunkedHead, eventually, http, lastChunk, result, sse, startRawAgent } from '@colloquy/testkit';
import type { OnRequest, RawRequest } from '@colloquy/testkit';
import type { AgentInstance, UpstreamCredential } from '../src/modules/routing/index.ts';
import { answerWell, callTo, completedTask, hello, plainInstance, startUpstream } from './upstream-setting.ts';

const eventStream = 'text/event-stream';
const working = { statusUpdate: { taskId: 'up-1', contextId: 'c-1', status: { state: 'TASK_STATE_WORKING' } } };
const done = { statusUpdate: { taskId: 'up-1', contextId: 'c-1', status: { state: 'TASK_STATE_COMPLETED' } } };

const streams =
  (...parts: readonly ((rpcId: string) => string)[]): OnRequest =>
  (socket, { rpc }) =>
    socket.write(chunkedHead(eventStream) + parts.map((part) => chunk(part(rpc.id))).join('') + lastChunk);

const event =
  (value: unknown) =>
  (rpcId: string): string =>
    sse(rpcId, value);

async function collect(source: AsyncIterable<StreamResponse>, into: StreamResponse[] = []): Promise<StreamResponse[]> {
  for await (const item of source) into.push(item);
  return into;
}

/** What went to the one agent of a test. */
function only(requests: readonly RawRequest[]): RawRequest {
  assert.equal(requests.length, 1);
  const [request] = requests;
  assert.ok(request !== undefined);
  return request;
}

describe('what leaves for an agent', () => {
  it('is one A2A 1.0 call with the forward token, and nothing else', async () => {
    await using setting = startUpstream();
    await using agent = await startRawAgent(answerWell);
    const instance: AgentInstance = { ...plainInstance, url: `${agent.url}?x=1`, routingTag: 'blue' };
    const call = callTo(agent.url, { instance });
    const metadata = { k: 1 };

    assert.deepEqual(await setting.upstream.send(call, { ...hello, metadata }), { task: completedTask });

    const { head, headers, rpc } = only(agent.requests);
    assert.equal(head, 'POST /a2a?x=1 HTTP/1.1');
    assert.deepEqual(rpc, {
      jsonrpc: '2.0',
      id: call.taskId,
      method: 'SendMessage',
      params: { tenant: 'blue', message: hello.message, metadata },
    });
    const token = { audience: instance.url, subject: 'cli_1', tenantSlug: 'acme', taskIds: [call.taskId] };
    assert.deepEqual(
      Object.fromEntries([...headers].filter(([name]) => name !== 'host' && name !== 'content-length')),
      {
        connection: 'keep-alive',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'accept-encoding': 'identity',
        'a2a-version': '1.0',
        'x-request-id': 'req_1',
        'colloquy-task': call.taskId,
        authorization: `Bearer ${Buffer.from(JSON.stringify(token)).toString('base64url')}`,
      },
    );
  });

  const credentials: readonly (readonly [string, Partial<UpstreamCredential>, string, string])[] = [
    ['bearer credential', { kind: 'bearer' }, 'authorization', 'Bearer agent-secret'],
    ['API key', { kind: 'api-key', header: 'X-Agent-Key' }, 'x-agent-key', 'agent-secret'],
    ['API key in Authorization', { kind: 'api-key', header: 'Authorization' }, 'authorization', 'agent-secret'],
  ];
  for (const [name, over, header, value] of credentials) {
    it(`carries a ${name} to its origin only`, async () => {
      await using setting = startUpstream();
      await using agent = await startRawAgent(answerWell);
      await using other = await startRawAgent(answerWell);
      const { origin } = new URL(agent.url);
      const credential = { kind: 'bearer', header: null, sealed: Buffer.alloc(1), origin, ...over } as const;

      await setting.upstream.send(callTo(agent.url, { route: { credential } }), hello);
      await setting.upstream.send(callTo(other.url, { route: { credential } }), hello);

      const { headers } = only(agent.requests);
      assert.equal(headers.get(header), value);
      assert.match(headers.get(header === 'authorization' ? 'colloquy-forward-token' : 'authorization') ?? '', /ey/);
      assert.doesNotMatch(only(other.requests).raw, /agent-secret/);
    });
  }

  it('is nothing when the credential does not open', async () => {
    await using setting = startUpstream({
      openCredential: () => {
        throw new Error('sealed by another key');
      },
    });
    await using agent = await startRawAgent(answerWell);
    const credential = {
      kind: 'bearer',
      header: null,
      sealed: Buffer.alloc(1),
      origin: new URL(agent.url).origin,
    } as const;
    const sending = setting.upstream.send(callTo(agent.url, { route: { credential } }), hello);
    await assert.rejects(sending, { code: 'internal.unexpected' });
    assert.equal(agent.connectionCount, 0);
  });

  it('is GetTask, CancelTask and SubscribeToTask by the id the agent gave', async () => {
    await using setting = startUpstream();
    await using agent = await startRawAgent((socket, { rpc }) => {
      if (rpc.method === 'SubscribeToTask')
        streams(event({ task: completedTask }))(socket, agent.requests.at(-1) ?? only([]));
      else socket.write(http(result(rpc.id, completedTask)));
    });
    const call = callTo(agent.url);
    assert.deepEqual(await setting.upstream.getTask(call, 'up-1'), completedTask);
    assert.deepEqual(await setting.upstream.cancelTask(call, 'up-1'), completedTask);
    assert.deepEqual(await collect(setting.upstream.subscribe(call, 'up-1')), [{ task: completedTask }]);
    assert.deepEqual(
      agent.requests.map(({ rpc }) => [rpc.method, rpc.params]),
      ['GetTask', 'CancelTask', 'SubscribeToTask'].map((method) => [method, { id: 'up-1' }]),
    );
  });
});

describe('a stream', () => {
  it('gives every event once and in order, however the bytes are cut, and ends with the agent', async () => {
    await using setting = startUpstream();
    await using agent = await startRawAgent((socket, { rpc }) => {
      const text = `: hi\n\n${sse(rpc.id, { task: { ...completedTask, status: { state: 'TASK_STATE_SUBMITTED' } } })}`;
      socket.write(chunkedHead(eventStream));
      for (const letter of `${text}${sse(rpc.id, working)}${sse(rpc.id, done)}data: {"cut`) socket.write(chunk(letter));
      socket.write(lastChunk);
    });
    const items = await collect(setting.upstream.stream(callTo(agent.url), hello));
    assert.deepEqual(
      items.map((item) => Object.keys(item)),
      [['task'], ['statusUpdate'], ['statusUpdate']],
    );
    assert.deepEqual(items.slice(1), [working, done]);
    assert.deepEqual(setting.faults, []);
  });

  const documents: readonly (readonly [string, unknown])[] = [
    ['a task', { task: completedTask }],
    ['a bare task', completedTask],
  ];
  for (const [name, answer] of documents) {
    it(`is understood when the agent answers ${name} as one document`, async () => {
      await using setting = startUpstream();
      await using agent = await startRawAgent((socket, { rpc }) => socket.write(http(result(rpc.id, answer))));
      assert.deepEqual(await collect(setting.upstream.stream(callTo(agent.url), hello)), [{ task: completedTask }]);
    });
  }

  const bounds = { upstreamBytesMax: 256 * 1024, upstreamEventBytesMax: 8 * 1024, upstreamIdleMs: 300 };
  const faults: readonly (readonly [string, string, OnRequest])[] = [
    [
      'falls silent',
      'upstream.timeout',
      (socket, { rpc }) => socket.write(chunkedHead(eventStream) + chunk(sse(rpc.id, working))),
    ],
    [
      'is cut off',
      'upstream.outcome-unknown',
      (socket, { rpc }) => socket.end(`${chunkedHead(eventStream)}${chunk(sse(rpc.id, working))}4\r\n`),
    ],
    ['answers another request', 'upstream.invalid-answer', streams(event(working), () => sse('tsk_0', working))],
    ['is no JSON', 'upstream.invalid-answer', streams(event(working), () => 'data: <html>\n\n')],
    ['is no UTF-8', 'upstream.invalid-answer', (socket, { rpc }) => writeBytes(socket, rpc.id)],
    ['has too large an event', 'upstream.too-large', streams(event(working), () => `data: ${'x'.repeat(9 * 1024)}`)],
    ['never ends', 'upstream.too-large', (socket, { rpc }) => streamForEver(socket, rpc.id)],
    [
      'reports an error',
      'upstream.refused',
      streams(
        event(working),
        (id) => `event: error\ndata: {"jsonrpc":"2.0","id":"${id}","error":{"code":-32001,"message":"x"}}\n\n`,
      ),
    ],
  ];
  for (const [name, code, onRequest] of faults) {
    it(`that ${name} gives the events before, then ${code}`, async () => {
      await using setting = startUpstream({ bounds });
      await using agent = await startRawAgent(onRequest);
      const items: StreamResponse[] = [];
      await assert.rejects(collect(setting.upstream.stream(callTo(agent.url), hello), items), { code });
      assert.deepEqual(items[0], working);
      assert.equal(setting.faults.length, 1);
    });
  }

  it('is not read faster than it is taken', async () => {
    await using setting = startUpstream();
    let written = 0;
    const text = 'x'.repeat(64 * 1024);
    await using agent = await startRawAgent((socket, { rpc }) => {
      socket.write(chunkedHead(eventStream));
      const item = chunk(sse(rpc.id, { ...working, pad: text }));
      const more = (): void => {
        while (written < 200 && socket.write(item)) written += 1;
        if (written === 200) socket.write(chunk(sse(rpc.id, done)) + lastChunk);
      };
      socket.on('drain', more);
      more();
    });
    const stream = setting.upstream.stream(callTo(agent.url), hello)[Symbol.asyncIterator]();
    await stream.next();
    let probes = 0;
    let seen = 0;
    await eventually('the agent has to wait', () => {
      probes = written === seen ? probes + 1 : 0;
      seen = written;
      return probes === 10;
    });
    assert.ok(written < 200, `the agent wrote ${written} events`);
    let taken = 1;
    while ((await stream.next()).done !== true) taken += 1;
    assert.ok(taken >= 200);
  });

  it('that its reader leaves ends at the agent, and the connection serves again when the agent ends it', async () => {
    await using setting = startUpstream();
    let lastClosed: Promise<unknown> = Promise.resolve();
    await using agent = await startRawAgent((socket, { rpc, body }) => {
      lastClosed = once(socket, 'close');
      socket.write(chunkedHead(eventStream) + chunk(sse(rpc.id, working)));
      if (body.includes('brief')) setImmediate(() => socket.write(chunk(sse(rpc.id, done)) + lastChunk));
    });
    const leaveEarly = async (metadata: JsonObject): Promise<void> => {
      for await (const item of setting.upstream.stream(callTo(agent.url), { ...hello, metadata })) {
        assert.deepEqual(item, working);
        return;
      }
    };
    await eventually('a stream comes over a connection that served before', async () => {
      const before = agent.connectionCount;
      await leaveEarly({ brief: true });
      return agent.connectionCount === before;
    });
    await leaveEarly({});
    await lastClosed;
    assert.deepEqual(setting.faults, []);
  });
});

describe('a refusal', () => {
  const refused = (status: string, body: string): string =>
    http(body, 'application/json', status).replace('\r\n\r\n', '\r\nRetry-After: 7\r\n\r\n');
  const says: readonly (readonly [string, OnRequest])[] = [
    ['with nothing else', (socket) => socket.write(refused('503 Service Unavailable', '{}'))],
    [
      'with an error of its own',
      (socket, { rpc }) =>
        socket.write(
          refused(
            '429 Too Many',
            JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error: { code: -32603, message: 'x' } }),
          ),
        ),
    ],
    [
      'with too much to read',
      (socket) => socket.write(refused('503 Service Unavailable', 'x'.repeat(2 * 1024 * 1024))),
    ],
  ];
  for (const [name, onRequest] of says) {
    it(`says for how long the agent wants to be left alone, ${name}`, async () => {
      await using setting = startUpstream();
      await using agent = await startRawAgent(onRequest);
      const retry = { kind: 'after', retryAfterMs: 7_000 };
      await assert.rejects(setting.upstream.send(callTo(agent.url), hello), { code: 'upstream.refused', retry });
      await assert.rejects(collect(setting.upstream.stream(callTo(agent.url), hello)), {
        code: 'upstream.refused',
        retry,
      });
    });
  }
});

describe('an abort', () => {
  it('ends a call, a stream and a call that waits for a connection at once, and is no fault', async () => {
    await using setting = startUpstream({ bounds: { upstreamConnectionsMax: 1 } });
    await using agent = await startRawAgent((socket, { rpc }) => {
      if (rpc.method === 'SendStreamingMessage') socket.write(chunkedHead(eventStream) + chunk(sse(rpc.id, working)));
    });
    const aborter = new AbortController();
    const call = callTo(agent.url, { signal: aborter.signal });
    const stream = setting.upstream.stream(call, hello)[Symbol.asyncIterator]();
    await stream.next();
    const outcomes = [
      stream.next(),
      setting.upstream.send({ ...call }, hello),
      setting.upstream.send(callTo(agent.url), hello),
    ];
    aborter.abort();
    await assert.rejects(outcomes[0] ?? Promise.resolve(), { code: 'request.canceled' });
    await assert.rejects(outcomes[1] ?? Promise.resolve(), { code: 'request.canceled' });
    await assert.rejects(setting.upstream.send(call, hello), { code: 'request.canceled' });
    await eventually('the call that was not aborted is sent', () => agent.requests.length === 2);
    await setting.upstream.close();
    await assert.rejects(outcomes[2] ?? Promise.resolve(), { code: 'upstream.outcome-unknown' });
    assert.equal(setting.faults.length, 1);
    assert.equal(agent.requests.length, 2);
  });
});

describe('pools', () => {
  it('beyond the bound leave, least recently used first, without harm to calls under way', async () => {
    await using setting = startUpstream({ bounds: { upstreamPoolsMax: 1 } });
    const waiting: (() => void)[] = [];
    await using slow = await startRawAgent((socket, request) => waiting.push(() => answerWell(socket, request)));
    await using quick = await startRawAgent(answerWell);
    const under = setting.upstream.send(callTo(slow.url), hello);
    await eventually('the slow agent was called', () => waiting.length === 1);
    assert.deepEqual(await setting.upstream.send(callTo(quick.url), hello), { task: completedTask });
    waiting[0]?.();
    assert.deepEqual(await under, { task: completedTask });
    const again = setting.upstream.send(callTo(slow.url), hello);
    await eventually('the slow agent was called again', () => waiting.length === 2);
    waiting[1]?.();
    assert.deepEqual(await again, { task: completedTask });
    assert.equal(slow.connectionCount, 2);
  });
});

function writeBytes(socket: Socket, rpcId: string): void {
  socket.write(chunkedHead(eventStream) + chunk(sse(rpcId, working)));
  setImmediate(() =>
    socket.write(
      Buffer.concat([Buffer.from('8\r\ndata: '), Buffer.from([0xff, 0xfe]), Buffer.from('\r\n2\r\n\n\n\r\n')]),
    ),
  );
}

function streamForEver(socket: Socket, rpcId: string): void {
  socket.write(chunkedHead(eventStream));
  const item = chunk(sse(rpcId, working));
  const more = (): void => {
    while (!socket.destroyed && socket.write(item));
  };
  socket.on('drain', more);
  more();
}
