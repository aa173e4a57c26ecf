import type { OnRequest } from '../raw-agent.ts';
import { chunk, chunkedHead, lastChunk, sse, startRawAgent } from '../raw-agent.ts';
import {
  agentSecret,
  answers,
  completion,
  drips,
  eventStream,
  nothing,
  pieceTold,
  rpcError,
  sends,
  statusTold,
  streams,
  streamsBytes,
  streamsForEver,
  taskTold,
  working,
  writesForEver,
} from './acts.ts';
import type { HostileScript } from './script.ts';
import { heavy, scriptsOver, short } from './script.ts';

const over = scriptsOver('1.0 JSONRPC', true);
const streamed: typeof over = (name, ends, act, more) => over(name, ends, sends(act), more);

const piece = (text: string, over: object = {}): object => pieceTold('up-1', text, over);
const event = (id: string, members: object): string =>
  `data: ${JSON.stringify({ jsonrpc: '2.0', id, ...members })}\n\n`;

/** Streams these values again and again, this often, as fast as they are read, and then the last. */
const streamsMany =
  (first: readonly object[], again: object, count: number, last: object): OnRequest =>
  (socket, { rpc }) => {
    socket.write(chunkedHead(eventStream) + first.map((value) => chunk(sse(rpc.id, value))).join(''));
    const bytes = sse(rpc.id, again);
    const perWrite = Math.max(1, Math.min(count, Math.floor(65_536 / bytes.length)));
    let left = count;
    const more = (): void => {
      while (left > 0 && !socket.destroyed) {
        const now = Math.min(left, perWrite);
        left -= now;
        if (!socket.write(chunk(bytes.repeat(now)))) return;
      }
      if (left > 0 || socket.destroyed) return;
      socket.off('drain', more);
      socket.write(chunk(sse(rpc.id, last)) + lastChunk);
    };
    socket.on('drain', more);
    more();
  };

/** A stream whose artifacts are all different ones. */
const streamsArtifacts: OnRequest = (socket, { rpc }) => {
  socket.write(chunkedHead(eventStream) + chunk(sse(rpc.id, working)));
  let made = 0;
  const more = (): void => {
    while (!socket.destroyed) {
      made += 1;
      const artifact = { artifactId: `a-${made}`, parts: [{ text: '' }] };
      if (!socket.write(chunk(sse(rpc.id, piece('', { artifact, append: false }))))) return;
    }
  };
  socket.on('drain', more);
  more();
};

/** Agents whose stream goes wrong. */
export const streamScripts: readonly HostileScript[] = [
  streamed('streams no A2A', 'upstream.invalid-answer', streams([{ thought: agentSecret }])),
  streamed('never says a word in its stream', 'upstream.timeout', nothing, short),
  streamed('begins its stream and says nothing', 'upstream.timeout', streams([], 'stay'), short),
  streamed('streams for ever', 'upstream.timeout', streamsForEver(working, piece('more '), 20), short),
  streamed(
    'streams without end as fast as it can',
    'upstream.too-large',
    streamsForEver(working, piece('x'.repeat(64 * 1024)), null),
    heavy,
  ),
  streamed(
    'streams small events without end as fast as it can',
    'upstream.too-large',
    streamsForEver(working, piece(''), null),
    heavy,
  ),
  streamed(
    'streams a giant event',
    'upstream.too-large',
    streams([working, piece('x'.repeat(5 * 1024 * 1024))], 'stay'),
  ),
  streamed(
    'never ends a line',
    'upstream.too-large',
    writesForEver(chunkedHead(eventStream), chunk('x'.repeat(65_536))),
  ),
  streamed(
    'comments without end',
    'upstream.too-large',
    writesForEver(chunkedHead(eventStream), chunk(': still here\n\n'.repeat(4096))),
    heavy,
  ),
  streamed('drips an event', 'upstream.timeout', drips(`${chunkedHead(eventStream)}ffff\r\ndata: {`, 2), short),
  streamed('streams events without data', 'upstream.invalid-answer', streamsBytes(working, 'data:\n\n')),
  streamed('breaks its stream and knows nothing of the task any more', 'upstream.refused', streams([working], 'break')),
  streamed('breaks its stream inside an event', 'upstream.refused', (socket, { rpc }) => {
    socket.write(
      `${chunkedHead(eventStream)}${chunk(sse(rpc.id, working))}${chunk(sse(rpc.id, piece('x')).slice(0, -20))}`,
      () => socket.resetAndDestroy(),
    );
  }),
  streamed('ends its stream inside an event', 'upstream.refused', (socket, { rpc }) => {
    socket.end(
      `${chunkedHead(eventStream)}${chunk(sse(rpc.id, working))}${chunk(sse(rpc.id, completion).slice(0, -20))}${lastChunk}`,
    );
  }),
  {
    ...streamed('breaks every stream, and is back each time', 'upstream.timeout', nothing, { taskMsMax: 1_000 }),
    start: () =>
      startRawAgent((socket, request) => {
        if (request.rpc.method === 'GetTask') return answers(working.task)(socket, request);
        streams([working], 'break')(socket, request);
      }),
  },
  streamed('ends its stream without having named a task', 'upstream.invalid-answer', streams([])),
  streamed(
    'tells of another task in its stream',
    'upstream.invalid-answer',
    streams([working, statusTold('up-2', 'TASK_STATE_COMPLETED')]),
  ),
  streamed(
    'puts out pieces of another task',
    'upstream.invalid-answer',
    streams([working, pieceTold('up-2', 'not yours'), completion]),
  ),
  streamed(
    'streams the answers to another request',
    'upstream.invalid-answer',
    streamsBytes(working, sse('tsk_ff', completion)),
  ),
  streamed(
    'streams an error and a result',
    'upstream.invalid-answer',
    streamsBytes(working, (id) => event(id, { result: completion, ...rpcError })),
  ),
  streamed(
    'streams an error in the middle',
    'upstream.refused',
    streamsBytes(working, (id) => event(id, rpcError)),
  ),
  streamed(
    'streams what is no UTF-8',
    'upstream.invalid-answer',
    streamsBytes(working, Buffer.from('data: \xff\n\n', 'latin1')),
  ),
  streamed('streams a NUL', 'upstream.invalid-answer', streams([working, piece('\0'), completion])),
  streamed('streams half a character', 'upstream.invalid-answer', streams([working, piece('\ud800'), completion])),
  streamed(
    'streams numbers beyond all numbers',
    'upstream.invalid-answer',
    streamsBytes(working, (id) => sse(id, piece('here')).replace('"append":true', '"append":1e999')),
  ),
  streamed(
    'says more after the end',
    'completed',
    streams([working, piece('in time'), completion, piece('late'), statusTold('up-1', 'TASK_STATE_FAILED')], 'stay'),
  ),
  streamed(
    'says more after the end without end',
    'completed',
    streamsMany([working, completion], piece('late'), 400_000, completion),
  ),
  streamed('breaks off right after the end', 'completed', streams([working, piece('in time'), completion], 'break')),
  streamed('says garbage after the end', 'completed', streamsBytes(completion, 'data: {"thought":1}\n\n')),
  streamed(
    'goes back to the beginning',
    'completed',
    streams([
      working,
      statusTold('up-1', 'TASK_STATE_SUBMITTED'),
      working,
      taskTold('up-1', 'TASK_STATE_SUBMITTED'),
      completion,
    ]),
  ),
  streamed(
    'repeats its pieces',
    'completed',
    streams([working, ...Array.from({ length: 2_000 }, () => piece('again')), completion]),
  ),
  streamed(
    'goes on after the last piece',
    'completed',
    streams([
      piece('first', { lastChunk: true }),
      piece('and more', { lastChunk: true }),
      piece('x', { append: false }),
      completion,
    ]),
  ),
  streamed(
    'streams ids, names and times of its own',
    'completed',
    streamsBytes(working, (id) => `id: \0\nid: ${agentSecret}\nevent: error\nretry: 999999999\n${sse(id, completion)}`),
  ),
  streamed(
    'puts out a hundred thousand parts in a thousand pieces',
    'completed',
    streamsMany(
      [working],
      piece('', { artifact: { artifactId: 'a', parts: Array.from({ length: 100 }, () => ({ text: '' })) } }),
      1_000,
      completion,
    ),
    heavy,
  ),
  streamed(
    'puts out fifty thousand pieces as fast as it can',
    'completed',
    streamsMany([working], piece('x'), 50_000, completion),
    heavy,
  ),
  streamed('puts out artifacts without end', 'upstream.too-large', streamsArtifacts, heavy),
];
