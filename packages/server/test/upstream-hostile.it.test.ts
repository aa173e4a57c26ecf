/**
 * Guarantee: whatever an agent does instead of answering, the call ends within its bound with the error that says what is known
 * of the outcome, nothing of the agent's text reaches the caller, and calls to other agents are not affected.
 */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chunk, chunkedHead, http, result, startRawAgent } from '@colloquy/testkit';
import type { OnRequest } from '@colloquy/testkit';
import type { ErrorCode } from '../src/kernel/error-catalog.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { answerWell, callTo, completedTask, hello, startUpstream } from './upstream-setting.ts';

const bounds = {
  upstreamBytesMax: 256 * 1024,
  upstreamEventBytesMax: 64 * 1024,
  upstreamConnectMs: 300,
  upstreamIdleMs: 300,
};
const endedWithinMs = 4_000;
const secretText = 'agent-internal-host.example';

interface Hostility {
  readonly name: string;
  readonly code: ErrorCode;
  readonly onRequest?: OnRequest;
  readonly onConnect?: (socket: Socket) => void;
  readonly agentError?: string;
}

const says =
  (text: string | Buffer): OnRequest =>
  (socket) =>
    socket.write(text);

const answers =
  (value: unknown): OnRequest =>
  (socket, { rpc }) =>
    socket.write(http(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, ...(value as object) })));

/** Writes the same bytes until the other side has had enough. */
const writesForEver =
  (head: string, again: string): OnRequest =>
  (socket) => {
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(again));
    };
    socket.on('drain', more);
    more();
  };

const rpcError = { code: -32001, message: `no task at ${secretText}`, data: [{ reason: 'TASK_NOT_FOUND' }] };

const hostilities: readonly Hostility[] = [
  { name: 'closes each connection at once', code: 'upstream.outcome-unknown', onConnect: (socket) => socket.destroy() },
  { name: 'reads and closes', code: 'upstream.outcome-unknown', onRequest: (socket) => socket.destroy() },
  { name: 'half-closes', code: 'upstream.outcome-unknown', onRequest: (socket) => socket.end() },
  {
    name: 'closes inside its head',
    code: 'upstream.outcome-unknown',
    onRequest: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
  },
  {
    name: 'closes inside a body of known length',
    code: 'upstream.outcome-unknown',
    onRequest: (socket) => socket.end(http('{"jsonrpc":"2.0"}').slice(0, -4)),
  },
  {
    name: 'closes inside a chunk',
    code: 'upstream.outcome-unknown',
    onRequest: (socket) => socket.end(chunkedHead('application/json') + '64\r\n{'),
  },
  {
    name: 'says it closes, and does so inside its body',
    code: 'upstream.outcome-unknown',
    onRequest: (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n64\r\n{"json'),
  },
  { name: 'speaks no HTTP', code: 'upstream.invalid-answer', onRequest: says('SSH-2.0-OpenSSH_9.2\r\n\r\n') },
  {
    name: 'counts its chunks in words',
    code: 'upstream.invalid-answer',
    onRequest: says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfew\r\n'),
  },
  {
    name: 'contradicts itself about the length',
    code: 'upstream.outcome-unknown',
    onRequest: says('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef'),
  },
  {
    name: 'answers no JSON',
    code: 'upstream.invalid-answer',
    onRequest: says(http(`<html>${secretText}`, 'text/html')),
  },
  { name: 'answers nothing', code: 'upstream.invalid-answer', onRequest: says('HTTP/1.1 204 No Content\r\n\r\n') },
  { name: 'answers no JSON-RPC', code: 'upstream.invalid-answer', onRequest: says(http('{"task":{}}')) },
  {
    name: 'answers another request',
    code: 'upstream.invalid-answer',
    onRequest: says(http(result('tsk_ffffffffffffffffffffffffffffffff', { task: completedTask }))),
  },
  {
    name: 'repeats a key',
    code: 'upstream.invalid-answer',
    onRequest: (socket, { rpc }) =>
      socket.write(http(`{"jsonrpc":"2.0","id":"${rpc.id}","result":{"task":{}},"result":{"task":{}}}`)),
  },
  {
    name: 'answers a task without a state',
    code: 'upstream.invalid-answer',
    onRequest: answers({ result: { task: { id: 'x' } } }),
  },
  {
    name: 'answers a task and a message',
    code: 'upstream.invalid-answer',
    onRequest: answers({
      result: { task: completedTask, message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: '' }] } },
    }),
  },
  {
    name: 'hides a NUL',
    code: 'upstream.invalid-answer',
    onRequest: answers({ result: { task: { ...completedTask, id: 'up\u0000' } } }),
  },
  {
    name: 'nests without end',
    code: 'upstream.invalid-answer',
    onRequest: says(http('['.repeat(100_000))),
  },
  {
    name: 'answers in bytes that are no UTF-8',
    code: 'upstream.invalid-answer',
    onRequest: says(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n'), Buffer.from([0x22, 0xff, 0x22])]),
    ),
  },
  {
    name: 'streams where one answer was asked for',
    code: 'upstream.invalid-answer',
    onRequest: says(`${chunkedHead('text/event-stream')}${chunk('data: {}\n\n')}`),
  },
  {
    name: 'compresses',
    code: 'upstream.invalid-answer',
    onRequest: (socket) => {
      const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    },
  },
  {
    name: 'sends interim answers for ever',
    code: 'upstream.invalid-answer',
    onRequest: writesForEver('', 'HTTP/1.1 102 Processing\r\n\r\n'),
  },
  {
    name: 'switches protocols',
    code: 'upstream.outcome-unknown',
    onRequest: says('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  },
  {
    name: 'announces too much',
    code: 'upstream.too-large',
    onRequest: says('HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n{'),
  },
  {
    name: 'never stops',
    code: 'upstream.too-large',
    onRequest: writesForEver(chunkedHead('application/json'), chunk(' '.repeat(8192))),
  },
  {
    name: 'never stops its head',
    code: 'upstream.too-large',
    onRequest: writesForEver('HTTP/1.1 200 OK\r\n', `x-more: ${'x'.repeat(1024)}\r\n`),
  },
  { name: 'says nothing', code: 'upstream.timeout' },
  { name: 'stops inside its head', code: 'upstream.timeout', onRequest: says('HTTP/1.1 200 OK\r\n') },
  {
    name: 'stops inside its body',
    code: 'upstream.timeout',
    onRequest: says(`${chunkedHead('application/json')}${chunk('{')}`),
  },
  {
    name: 'redirects',
    code: 'upstream.refused',
    agentError: 'HTTP_307',
    onRequest: says('HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
  },
  {
    name: 'fails',
    code: 'upstream.refused',
    agentError: 'HTTP_500',
    onRequest: says(http(`Traceback ${secretText}`, 'text/plain', '500 Internal Server Error')),
  },
  {
    name: 'fails for ever',
    code: 'upstream.refused',
    agentError: 'HTTP_503',
    onRequest: writesForEver(
      'HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n',
      chunk('x'.repeat(8192)),
    ),
  },
  {
    name: 'answers an error',
    code: 'upstream.refused',
    agentError: 'TASK_NOT_FOUND',
    onRequest: answers({ error: rpcError }),
  },
  {
    name: 'answers an error with a status',
    code: 'upstream.refused',
    agentError: 'TASK_NOT_FOUND',
    onRequest: (socket, { rpc }) =>
      socket.write(
        http(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error: rpcError }), 'application/json', '404 Not Found'),
      ),
  },
  {
    name: 'smuggles text into its reason',
    code: 'upstream.refused',
    agentError: 'InternalError',
    onRequest: answers({ error: { code: -32603, message: secretText, data: [{ reason: `see ${secretText}` }] } }),
  },
];

describe('an agent that', () => {
  for (const hostility of hostilities) {
    it(`${hostility.name} gives ${hostility.code}`, () => assertHarmless(hostility));
  }
});

async function assertHarmless({ code, agentError, onRequest, onConnect }: Hostility): Promise<void> {
  await using setting = startUpstream({ bounds });
  await using bad = await startRawAgent(onRequest ?? (() => undefined), onConnect);
  await using good = await startRawAgent(answerWell);
  const startedAt = performance.now();
  // A send may be silent for as long as its task may take.
  const call = callTo(bad.url, { route: { taskMsMax: 300 } });

  const error = await setting.upstream.send(call, hello).catch((caught: unknown) => caught);

  assert.ok(error instanceof PlatformError, String(error));
  assert.equal(error.code, code, String(error.cause));
  assert.deepEqual(error.details, agentError === undefined ? {} : { agentError });
  assert.ok(performance.now() - startedAt < endedWithinMs);
  assert.doesNotMatch(error.message + JSON.stringify(error.details), new RegExp(secretText));
  assert.deepEqual(setting.faults, [error]);
  assert.deepEqual(await setting.upstream.send(callTo(good.url), hello), { task: completedTask });
  assert.ok(bad.requests.length <= 1, 'the request was sent once');
}

describe('an agent that is not there', () => {
  const missing: readonly (readonly [string, string])[] = [
    ['listens no more', 'http://127.0.0.1:1/a2a'],
    ['has a name that does not resolve', 'http://agent.test:9000/a2a'],
    ['is where the platform may not call', 'http://10.1.2.3:9000/a2a'],
    ['is the metadata service', 'http://169.254.169.254/latest'],
  ];
  for (const [name, url] of missing) {
    it(`${name} gives upstream.unreachable`, async () => {
      await using setting = startUpstream({ bounds });
      await assert.rejects(setting.upstream.send(callTo(url), hello), { code: 'upstream.unreachable', details: {} });
    });
  }

  it('begins no TLS gives upstream.unreachable', async () => {
    await using setting = startUpstream({ bounds });
    await using silent = await startRawAgent(() => undefined);
    await using plain = await startRawAgent(
      () => undefined,
      (socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    for (const agent of [silent, plain]) {
      const call = callTo(agent.url.replace('http:', 'https:'));
      await assert.rejects(setting.upstream.send(call, hello), { code: 'upstream.unreachable' });
      assert.equal(agent.requests.length, 0);
    }
  });
});

describe('unrequested bytes', () => {
  it('are never taken for the answer to the next call', async () => {
    await using setting = startUpstream({ bounds });
    const forged = { task: { ...completedTask, id: 'forged' } };
    await using bad = await startRawAgent((socket, { rpc }) => {
      const answer = http(result(rpc.id, { task: completedTask }));
      socket.write(answer + http(result('tsk_00', forged)) + http(result(rpc.id, forged)));
    });
    for (let i = 0; i < 5; i += 1) {
      const outcome = await setting.upstream.send(callTo(bad.url), hello).catch((error: unknown) => error);
      if (outcome instanceof PlatformError) assert.equal(outcome.code, 'upstream.outcome-unknown');
      else assert.deepEqual(outcome, { task: completedTask });
    }
  });

  it('before the request are no answer', async () => {
    await using setting = startUpstream({ bounds });
    const early = http(result('tsk_00', { task: completedTask }));
    await using bad = await startRawAgent(
      () => undefined,
      (socket) => socket.write(early),
    );
    await assert.rejects(setting.upstream.send(callTo(bad.url), hello), { code: 'upstream.invalid-answer' });
  });
});
