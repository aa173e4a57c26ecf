/**
 * Guarantee: an agent is called over gRPC as over the other bindings, and whatever it does instead of answering, the call ends
 * within its bound with the error that says what is known of the outcome, and nothing of the agent's text reaches the caller.
 */
import assert from 'node:assert/strict';
import { createServer as createHttp1 } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { createServer as createTcp } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { encodeGrpcAnswer, grpcError, readMessage } from '@colloquy/protocol/grpc';
import { grpcFrame, grpcHead, saysGrpc, startRawGrpcAgent } from '@colloquy/testkit';
import type { OnGrpcCall } from '@colloquy/testkit';
import type { ErrorCode } from '../src/kernel/error-catalog.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import type { UpstreamCall } from '../src/modules/gateway/index.ts';
import { callTo, completedTask, hello, startUpstream } from './upstream-setting.ts';

async function listening(server: Pick<Server, 'listen' | 'address' | 'once'>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', () => resolve(null)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const taskMessage = encodeGrpcAnswer('SendMessage', JSON.stringify({ task: completedTask }));
const event = (value: object): Buffer => grpcFrame(encodeGrpcAnswer('SubscribeToTask', JSON.stringify(value)));

const answersWell = saysGrpc(grpcFrame(taskMessage));

const grpcCall = (url: string, over: Parameters<typeof callTo>[1] = {}): UpstreamCall => {
  const call = callTo(url, over);
  return { ...call, instance: { ...call.instance, wire: '1.0 GRPC', ...over.instance } };
};

async function faultOf(call: Promise<unknown>): Promise<PlatformError> {
  try {
    assert.fail(`It succeeded: ${JSON.stringify(await call)}`);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error;
  }
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('a call over gRPC', () => {
  it('carries the message, the routing tag, the version, the request id and the forward token', async () => {
    await using agent = await startRawGrpcAgent(answersWell);
    await using setting = startUpstream();
    const call = grpcCall(agent.url);
    const tagged = { ...call, instance: { ...call.instance, routingTag: 'blue' } };
    assert.deepEqual(await setting.upstream.send(tagged, hello), { task: completedTask });
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = agent.heard;
    assert.equal(headers[':path'], '/lf.a2a.v1.A2AService/SendMessage');
    assert.equal(headers[':method'], 'POST');
    assert.equal(headers['content-type'], 'application/grpc+proto');
    assert.equal(headers['te'], 'trailers');
    assert.equal(headers['a2a-version'], '1.0');
    assert.equal(headers['x-request-id'], 'req_1');
    assert.equal(headers['colloquy-task'], call.taskId);
    const token = JSON.parse(
      Buffer.from(String(headers.authorization).slice('Bearer '.length), 'base64url').toString(),
    ) as { audience?: string; taskIds?: string[] };
    assert.deepEqual([token.audience, token.taskIds], [agent.url, [call.taskId]]);
    assert.equal(body.readUInt32BE(1), body.length - 5);
    const request = readMessage('SendMessageRequest', body.subarray(5), { structDepthMax: 8 });
    assert.equal(request['tenant'], 'blue');
    assert.deepEqual((request['message'] as { parts: unknown }).parts, [{ text: 'hällo' }]);
    assert.equal(setting.faults.length, 0);
  });

  it('carries the agent’s own credential in its place, to the address it was registered for alone', async () => {
    await using agent = await startRawGrpcAgent(answersWell);
    await using setting = startUpstream();
    const credential = { kind: 'bearer', header: null, sealed: Buffer.alloc(0), origin: agent.url } as const;
    await setting.upstream.send(grpcCall(agent.url, { route: { credential } }), hello);
    const elsewhere = { ...credential, origin: 'https://elsewhere.example' };
    await setting.upstream.send(grpcCall(agent.url, { route: { credential: elsewhere } }), hello);
    const [own, other] = agent.heard.map(({ headers }) => headers);
    assert.equal(own?.authorization, 'Bearer agent-secret');
    assert.notEqual(own['colloquy-forward-token'], undefined);
    assert.doesNotMatch(String(other?.authorization), /agent-secret/);
  });

  it('shares one connection with others at the same time', async () => {
    const waiting: ServerHttp2Stream[] = [];
    await using agent = await startRawGrpcAgent((stream, heard) => {
      waiting.push(stream);
      if (waiting.length === 10) for (const held of waiting) answersWell(held, heard);
    });
    await using setting = startUpstream();
    const first = setting.upstream.getTask(grpcCall(agent.url), 'up-1').catch(() => null);
    const rest = Array.from({ length: 9 }, () => setting.upstream.send(grpcCall(agent.url), hello));
    assert.equal((await Promise.all(rest)).length, 9);
    await first;
    assert.equal(agent.sessions.size, 1);
  });

  it('streams events as they come, cut anywhere, and ends with the status', async () => {
    const events = [
      { task: completedTask },
      { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'x' }] } },
    ];
    const bytes = Buffer.concat(events.map(event));
    await using agent = await startRawGrpcAgent((stream) => {
      stream.respond(grpcHead, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      for (const byte of bytes) stream.write(Buffer.from([byte]));
      stream.end();
    });
    await using setting = startUpstream();
    assert.deepEqual(await collect(setting.upstream.subscribe(grpcCall(agent.url), 'up-1')), events);
    assert.deepEqual(await collect(setting.upstream.stream(grpcCall(agent.url), hello)), events);
    assert.deepEqual(
      agent.heard.map(({ headers }) => String(headers[':path']).split('/').at(-1)),
      ['SubscribeToTask', 'SendStreamingMessage'],
    );
  });

  it('gives out the events that came before a refusal, and then the refusal', async () => {
    await using agent = await startRawGrpcAgent(saysGrpc(event({ task: completedTask }), '14'));
    await using setting = startUpstream();
    const seen: unknown[] = [];
    const error = await faultOf(
      (async () => {
        for await (const item of setting.upstream.subscribe(grpcCall(agent.url), 'up-1')) seen.push(item);
      })(),
    );
    assert.deepEqual(
      [seen.length, error.code, error.details['agentError']],
      [1, 'upstream.refused', 'UnavailableError'],
    );
  });

  it('knows the agent’s refusal by its reason, in trailers and in a call that has nothing else', async () => {
    const secretText = 'agent-internal-host.example';
    const { code, statusDetails } = grpcError({ name: 'TaskNotFoundError', message: secretText });
    const fields = {
      'grpc-message': secretText,
      'grpc-status-details-bin': Buffer.from(statusDetails).toString('base64'),
    };
    for (const onCall of [
      saysGrpc(Buffer.alloc(0), String(code), fields),
      ((stream) =>
        stream.respond({ ...grpcHead, 'grpc-status': String(code), ...fields }, { endStream: true })) as OnGrpcCall,
    ]) {
      await using agent = await startRawGrpcAgent(onCall);
      await using setting = startUpstream();
      const error = await faultOf(setting.upstream.getTask(grpcCall(agent.url), 'up-1'));
      assert.deepEqual([error.code, error.details], ['upstream.refused', { agentError: 'TASK_NOT_FOUND' }]);
      assert.doesNotMatch(JSON.stringify([error.message, String(error.cause)]), new RegExp(secretText));
    }
  });

  it('is canceled at once, and the agent hears of it', async () => {
    let closed: () => void = () => undefined;
    const reset = new Promise<void>((resolve) => (closed = resolve));
    const arrived = Promise.withResolvers<void>();
    await using agent = await startRawGrpcAgent((stream) => {
      stream.on('close', closed);
      arrived.resolve();
    });
    await using setting = startUpstream();
    const aborter = new AbortController();
    const call = setting.upstream.send(grpcCall(agent.url, { signal: aborter.signal }), hello);
    await arrived.promise;
    aborter.abort();
    assert.equal((await faultOf(call)).code, 'request.canceled');
    await reset;
    assert.equal(setting.faults.length, 0);
  });

  it('goes to no address that the egress guard refuses', async () => {
    await using setting = startUpstream();
    const error = await faultOf(setting.upstream.send(grpcCall('http://10.1.2.3:50051'), hello));
    assert.equal(error.code, 'upstream.unreachable');
  });
});

const bounds = {
  upstreamBytesMax: 64 * 1024,
  upstreamEventBytesMax: 8 * 1024,
  upstreamConnectMs: 300,
  upstreamIdleMs: 300,
};
const forEver: OnGrpcCall = (stream) => {
  stream.respond(grpcHead);
  const more = (): void => {
    while (!stream.destroyed && stream.write(event({ task: completedTask })));
  };
  stream.on('drain', more);
  more();
};
const hostilities: readonly [name: string, onCall: OnGrpcCall, code: ErrorCode][] = [
  ['closes its connection', (stream) => stream.session?.destroy(), 'upstream.outcome-unknown'],
  ['resets the call', (stream) => stream.close(2), 'upstream.outcome-unknown'],
  ['says nothing', () => undefined, 'upstream.timeout'],
  ['begins and says nothing', (stream) => stream.respond(grpcHead), 'upstream.timeout'],
  ['ends without a status', saysGrpc(grpcFrame(taskMessage), null), 'upstream.outcome-unknown'],
  ['ends with a status that is none', saysGrpc(grpcFrame(taskMessage), 'fine'), 'upstream.invalid-answer'],
  ['ends well without an answer', saysGrpc(Buffer.alloc(0)), 'upstream.invalid-answer'],
  [
    'answers twice',
    saysGrpc(Buffer.concat([grpcFrame(taskMessage), grpcFrame(taskMessage)])),
    'upstream.invalid-answer',
  ],
  ['ends inside a message', saysGrpc(grpcFrame(taskMessage).subarray(0, -3)), 'upstream.invalid-answer'],
  ['compresses without being asked to', saysGrpc(grpcFrame(taskMessage, 1)), 'upstream.invalid-answer'],
  ['answers with garbage', saysGrpc(grpcFrame(Buffer.from([0x0a, 0xff, 0xff, 0x03]))), 'upstream.invalid-answer'],
  ['answers with nothing inside', saysGrpc(grpcFrame(Buffer.alloc(0))), 'upstream.invalid-answer'],
  ['announces four gigabytes', saysGrpc(Buffer.from([0, 255, 255, 255, 255, 1])), 'upstream.too-large'],
  ['never stops', forEver, 'upstream.too-large'],
  [
    'is a web page',
    (stream) => stream.respond({ ':status': 200, 'content-type': 'text/html' }, { endStream: true }),
    'upstream.invalid-answer',
  ],
  ['is gone behind its proxy', (stream) => stream.respond({ ':status': 503 }, { endStream: true }), 'upstream.refused'],
];

describe('a hostile agent that', () => {
  for (const [name, onCall, code] of hostilities) {
    it(`${name} ends a call with ${code}, and the next agent is called as ever`, async () => {
      await using agent = await startRawGrpcAgent(onCall);
      await using good = await startRawGrpcAgent(answersWell);
      await using setting = startUpstream({ bounds });
      const call = grpcCall(agent.url, { route: { taskMsMax: 300 } });
      const error = await faultOf(setting.upstream.send(call, hello));
      assert.equal(error.code, code, String(error.cause));
      assert.deepEqual(await setting.upstream.send(grpcCall(good.url), hello), { task: completedTask });
    });
  }

  const streamed: readonly [name: string, onCall: OnGrpcCall, code: ErrorCode][] = [
    ['announces a large event', saysGrpc(Buffer.from([0, 0, 1, 0, 0, 1])), 'upstream.too-large'],
    ['never stops its stream', forEver, 'upstream.too-large'],
    ['falls silent in its stream', (stream) => stream.respond(grpcHead), 'upstream.timeout'],
    ['ends its stream without a status', saysGrpc(event({ task: completedTask }), null), 'upstream.outcome-unknown'],
    [
      'ends its stream inside an event',
      saysGrpc(event({ task: completedTask }).subarray(0, -1)),
      'upstream.invalid-answer',
    ],
    ['streams garbage', saysGrpc(grpcFrame(Buffer.from([0x0a, 0x05, 0x01]))), 'upstream.invalid-answer'],
    ['streams an event of no kind', saysGrpc(grpcFrame(Buffer.alloc(0))), 'upstream.invalid-answer'],
    [
      'cuts its stream',
      (stream) => {
        stream.respond(grpcHead);
        stream.write(event({ task: completedTask }), () => stream.close(8));
      },
      'upstream.outcome-unknown',
    ],
  ];
  for (const [name, onCall, code] of streamed) {
    it(`${name} ends the stream with ${code}`, async () => {
      await using agent = await startRawGrpcAgent(onCall);
      await using setting = startUpstream({ bounds });
      const error = await faultOf(collect(setting.upstream.stream(grpcCall(agent.url), hello)));
      assert.equal(error.code, code, String(error.cause));
    });
  }

  it('speaks HTTP/1.1, or nothing at all, is no agent of this binding', async () => {
    const sockets = new Set<Socket>();
    const silent = createTcp((socket) => void sockets.add(socket.on('error', () => undefined)));
    const web = createHttp1((_request, response) => response.end('hello'));
    try {
      for (const server of [web, silent]) {
        const url = await listening(server);
        await using setting = startUpstream({ bounds });
        const error = await faultOf(setting.upstream.send(grpcCall(url, { route: { taskMsMax: 300 } }), hello));
        assert.ok(error.code.startsWith('upstream.') && error.code !== 'upstream.refused', error.code);
      }
    } finally {
      for (const socket of sockets) socket.destroy();
      web.closeAllConnections();
      web.close();
      silent.close();
    }
  });
});
