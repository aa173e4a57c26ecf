import { gzipSync } from 'node:zlib';
import type { OnConnect, OnRequest } from '../raw-agent.ts';
import { chunk, chunkedHead, http, result, startRawAgent } from '../raw-agent.ts';
import { agentSecret, completed, drips, nothing, says, saysAndCloses, sends, writesForEver } from './acts.ts';
import type { HostileScript } from './script.ts';
import { scriptDefaults, short } from './script.ts';

const json = 'application/json';
const wellFormed = (id: string): string => result(id, completed);

function over(
  name: string,
  ends: HostileScript['ends'],
  act: OnRequest,
  more: Partial<HostileScript> & { readonly onConnect?: OnConnect } = {},
): HostileScript {
  const { onConnect, ...rest } = more;
  const start = (): ReturnType<HostileScript['start']> => startRawAgent(act, onConnect);
  return { name, wire: '1.0 JSONRPC', streaming: false, ends, start, ...scriptDefaults, ...rest };
}

/** Answers well, with another `Content-Length` than the answer has. */
const liesAboutLength =
  (difference: number): OnRequest =>
  (socket, { rpc }) => {
    const body = wellFormed(rpc.id);
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: ${json}\r\ncontent-length: ${body.length + difference}\r\n\r\n${body}`,
    );
  };

/** Answers as soon as the head of a request is there, and reads none of the body. */
const answersTheHead: OnConnect = (socket) => {
  socket.once('data', (bytes) => {
    socket.pause();
    const id = /colloquy-task: (\S+)/.exec(bytes.toString('latin1'))?.[1] ?? '';
    socket.end(http(wellFormed(id)));
  });
};

const gzipped = (bytes: Buffer, head: string): Buffer => {
  const body = gzipSync(bytes);
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${head}content-length: ${body.length}\r\n\r\n`), body]);
};

/** Agents that break HTTP itself, or use all that it allows. */
export const httpScripts: readonly HostileScript[] = [
  {
    ...over('is down', 'upstream.unreachable', nothing),
    start: async () => {
      const gone = await startRawAgent(nothing);
      await gone[Symbol.asyncDispose]();
      return { url: gone.url, [Symbol.asyncDispose]: () => Promise.resolve() };
    },
  },
  over('closes each connection at once', 'upstream.outcome-unknown', nothing, {
    onConnect: (socket) => socket.destroy(),
  }),
  over('reads and hangs up', 'upstream.outcome-unknown', (socket) => socket.destroy()),
  over('reads and half-closes', 'upstream.outcome-unknown', (socket) => socket.end()),
  over('resets the connection', 'upstream.outcome-unknown', (socket) => socket.resetAndDestroy()),
  over('closes inside its head', 'upstream.outcome-unknown', saysAndCloses('HTTP/1.1 200 OK\r\ncontent-ty')),
  over('resets inside its body', 'upstream.outcome-unknown', saysAndCloses(`${chunkedHead(json)}64\r\n{"js`, 'reset')),
  over('announces more than it says', 'upstream.outcome-unknown', liesAboutLength(10)),
  over('announces less than it says', 'upstream.invalid-answer', liesAboutLength(-10)),
  over(
    'contradicts itself about its length',
    'upstream.outcome-unknown',
    says('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef'),
  ),
  over(
    'gives a length and chunks',
    'upstream.outcome-unknown',
    says(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n${chunk('{}')}0\r\n\r\n`),
  ),
  over('counts its chunks in words', 'upstream.invalid-answer', says(`${chunkedHead(json)}few\r\n`)),
  over(
    'announces a chunk beyond all numbers',
    'upstream.invalid-answer',
    says(`${chunkedHead(json)}${'f'.repeat(17)}\r\n{`),
  ),
  over(
    'puts less into a chunk than it says',
    'upstream.outcome-unknown',
    saysAndCloses(`${chunkedHead(json)}fff\r\n{}\r\n0\r\n\r\n`),
  ),
  over('speaks no HTTP', 'upstream.invalid-answer', says('SSH-2.0-OpenSSH_9.2\r\n\r\n')),
  over('answers before it is asked', 'upstream.invalid-answer', nothing, {
    onConnect: (socket) => socket.end(http(wellFormed('tsk_00'))),
  }),
  over('answers before it has read', 'completed', nothing, { onConnect: answersTheHead, askBytes: 1_000_000 }),
  over('answers twice', 'completed', (socket, { rpc }) => {
    socket.write(http(wellFormed(rpc.id)) + http(result(rpc.id, { message: agentSecret })));
  }),
  over(
    'sends interim answers for ever',
    'upstream.invalid-answer',
    writesForEver('', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(512)),
  ),
  over('sends Early Hints before it answers', 'completed', (socket, { rpc }) => {
    socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${http(wellFormed(rpc.id))}`);
  }),
  over(
    'switches protocols',
    'upstream.outcome-unknown',
    says('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  ),
  over(
    'redirects to the metadata service',
    'upstream.refused',
    says('HTTP/1.1 307 Temporary Redirect\r\nlocation: http://169.254.169.254/latest\r\ncontent-length: 0\r\n\r\n'),
  ),
  over('answers with a web page', 'upstream.invalid-answer', says(http(`<html>${agentSecret}</html>`, 'text/html'))),
  over('answers nothing', 'upstream.invalid-answer', says('HTTP/1.1 204 No Content\r\n\r\n')),
  over(
    'fails as a web server does',
    'upstream.refused',
    says(http(`Error at /srv/agent.ts: ${agentSecret}`, 'text/plain', '500 Internal Server Error')),
  ),
  over(
    'fails for ever',
    'upstream.refused',
    writesForEver('HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n', chunk('x'.repeat(8192))),
  ),
  over(
    'never ends its head',
    'upstream.too-large',
    writesForEver('HTTP/1.1 200 OK\r\n', `x-more: ${'x'.repeat(1024)}\r\n`),
  ),
  over(
    'has ten thousand small fields',
    'upstream.too-large',
    says(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}\r\n{}`),
  ),
  over(
    'announces a giant answer',
    'upstream.too-large',
    says(`HTTP/1.1 200 OK\r\ncontent-type: ${json}\r\ncontent-length: 99999999\r\n\r\n{`),
  ),
  over('never ends its answer', 'upstream.too-large', writesForEver(chunkedHead(json), chunk(' '.repeat(65_536)))),
  over(
    'never ends its answer, in chunks of one byte',
    'upstream.too-large',
    writesForEver(chunkedHead(json), '1\r\n \r\n'.repeat(1024)),
  ),
  over(
    'compresses a bomb',
    'upstream.invalid-answer',
    says(gzipped(Buffer.alloc(32 * 1024 * 1024), `content-type: ${json}\r\ncontent-encoding: gzip\r\n`)),
  ),
  over(
    'compresses without saying so',
    'upstream.invalid-answer',
    says(gzipped(Buffer.from('{}'), `content-type: ${json}\r\n`)),
  ),
  over('never answers', 'upstream.timeout', nothing, short),
  over('drips its head', 'upstream.timeout', drips('HTTP/1.1 200 OK\r\nx: y', 20), short),
  over('drips its answer', 'upstream.timeout', drips(`${chunkedHead(json)}ffff\r\n{ `, 2), short),
  over(
    'streams to those who asked for no stream',
    'upstream.invalid-answer',
    sends(says(`${chunkedHead('text/event-stream')}${chunk('data: {}\n\n')}`)),
  ),
];
