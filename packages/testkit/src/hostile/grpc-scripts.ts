import type { ServerHttp2Stream } from 'node:http2';
import { encodeGrpcAnswer } from '@colloquy/protocol/grpc';
import { http, startRawAgent } from '../raw-agent.ts';
import type { OnGrpcCall } from '../raw-grpc-agent.ts';
import { grpcFrame, grpcHead, saysGrpc, startRawGrpcAgent } from '../raw-grpc-agent.ts';
import { completed, completion, pieceTold, says, statusTold, working } from './acts.ts';
import { http2Scripts } from './http2-scripts.ts';
import type { HostileScript } from './script.ts';
import { heavy, scriptDefaults, short } from './script.ts';

function called(
  name: string,
  ends: HostileScript['ends'],
  act: OnGrpcCall,
  more: Partial<HostileScript> = {},
): HostileScript {
  return {
    name,
    wire: '1.0 GRPC',
    streaming: false,
    ends,
    start: () => startRawGrpcAgent(act),
    ...scriptDefaults,
    ...more,
  };
}
const streamed = (
  name: string,
  ends: HostileScript['ends'],
  act: OnGrpcCall,
  more: Partial<HostileScript> = {},
): HostileScript => called(name, ends, act, { streaming: true, ...more });

const answer = (value: object): Buffer => grpcFrame(encodeGrpcAnswer('SendMessage', JSON.stringify(value)));
const event = (value: object): Buffer => grpcFrame(encodeGrpcAnswer('SubscribeToTask', JSON.stringify(value)));
const events = (...values: readonly object[]): Buffer => Buffer.concat(values.map(event));

/** Writes these bytes again and again until the call is over. */
function flood(stream: ServerHttp2Stream, bytes: Buffer): void {
  const more = (): void => {
    while (!stream.destroyed && stream.write(bytes));
  };
  stream.on('drain', more);
  more();
}

const writesForEver =
  (bytes: Buffer): OnGrpcCall =>
  (stream) => {
    stream.respond(grpcHead);
    flood(stream, bytes);
  };

/** Says these bytes and leaves the call as it is. */
const saysAndWaits =
  (bytes: Buffer): OnGrpcCall =>
  (stream) => {
    stream.respond(grpcHead);
    stream.write(bytes);
  };

const manyTrailers: OnGrpcCall = (stream) => {
  stream.respond(grpcHead, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    const fields: Record<string, string> = { 'grpc-status': '0' };
    for (let at = 0; at < 2_000; at += 1) fields[`x-${at}`] = 'y'.repeat(32);
    stream.sendTrailers(fields);
  });
  stream.end(answer(completed));
};

/** Agents whose HTTP/2 is well and whose gRPC is not. */
const callScripts: readonly HostileScript[] = [
  called('closes its connection', 'upstream.outcome-unknown', (stream) => stream.session?.destroy()),
  called('resets the call', 'upstream.outcome-unknown', (stream) => stream.close(2)),
  called('cancels the call', 'upstream.outcome-unknown', (stream) => stream.close(8)),
  called('says nothing', 'upstream.timeout', () => undefined, short),
  called('begins and says nothing', 'upstream.timeout', (stream) => stream.respond(grpcHead), short),
  called('answers and never says how it went', 'upstream.timeout', saysAndWaits(answer(completed)), short),
  called('ends without a status', 'upstream.outcome-unknown', saysGrpc(answer(completed), null)),
  called('ends with a status that is none', 'upstream.invalid-answer', saysGrpc(answer(completed), 'fine')),
  called(
    'ends with a status beyond all numbers',
    'upstream.invalid-answer',
    saysGrpc(answer(completed), '9'.repeat(400)),
  ),
  called(
    'ends with details that are none',
    'upstream.refused',
    saysGrpc(Buffer.alloc(0), '13', { 'grpc-status-details-bin': '////', 'grpc-message': '%00' }),
  ),
  called('ends with thousands of fields', 'upstream.outcome-unknown', manyTrailers),
  called('ends well without an answer', 'upstream.invalid-answer', saysGrpc(Buffer.alloc(0))),
  called('answers twice', 'upstream.invalid-answer', saysGrpc(Buffer.concat([answer(completed), answer(completed)]))),
  called('ends inside a message', 'upstream.invalid-answer', saysGrpc(answer(completed).subarray(0, -3))),
  called('compresses without being asked', 'upstream.invalid-answer', saysGrpc(grpcFrame(Buffer.from([1]), 1))),
  called(
    'marks a frame as nothing that there is',
    'upstream.invalid-answer',
    saysGrpc(grpcFrame(Buffer.from([1]), 255)),
  ),
  called('answers with garbage', 'upstream.invalid-answer', saysGrpc(grpcFrame(Buffer.from([0x0a, 0xff, 0xff, 0x03])))),
  called('answers with nothing inside', 'upstream.invalid-answer', saysGrpc(grpcFrame(Buffer.alloc(0)))),
  called('announces four gigabytes', 'upstream.too-large', saysGrpc(Buffer.from([0, 255, 255, 255, 255, 1]))),
  called(
    'answers a million unknown fields',
    'upstream.invalid-answer',
    saysGrpc(grpcFrame(Buffer.alloc(2_000_000, Buffer.from([0x78, 0x01])))),
  ),
  called('never stops', 'upstream.too-large', writesForEver(Buffer.alloc(65_536))),
  called('answers empty messages without end', 'upstream.too-large', writesForEver(Buffer.alloc(65_535))),
  called('is a web page', 'upstream.invalid-answer', (stream) =>
    stream.respond({ ':status': 200, 'content-type': 'text/html' }, { endStream: true }),
  ),
  called('is gone behind its proxy', 'upstream.refused', (stream) =>
    stream.respond({ ':status': 503 }, { endStream: true }),
  ),
  {
    ...called('speaks HTTP/1.1', 'upstream.outcome-unknown', () => undefined),
    start: () => startRawAgent(says(http('{}'))),
  },
];

const streamScripts: readonly HostileScript[] = [
  streamed(
    'announces a giant event',
    'upstream.too-large',
    saysAndWaits(Buffer.concat([event(working), Buffer.from([0, 0x7f, 0, 0, 0])])),
  ),
  streamed(
    'streams without end as fast as it can',
    'upstream.too-large',
    writesForEver(events(working, pieceTold('up-1', 'x'.repeat(65_536)))),
    heavy,
  ),
  streamed('streams empty messages', 'upstream.invalid-answer', writesForEver(Buffer.alloc(5 * 1024))),
  streamed('falls silent in its stream', 'upstream.timeout', saysAndWaits(event(working)), short),
  streamed('ends every call without a status', 'upstream.timeout', saysGrpc(event(working), null), {
    taskMsMax: 1_000,
  }),
  streamed('ends its stream inside an event', 'upstream.invalid-answer', saysGrpc(event(completed).subarray(0, -1))),
  streamed(
    'streams garbage after an event',
    'upstream.invalid-answer',
    saysAndWaits(Buffer.concat([event(working), grpcFrame(Buffer.from([0x0a, 5, 1]))])),
  ),
  streamed(
    'tells of another task',
    'upstream.invalid-answer',
    saysGrpc(events(working, statusTold('up-2', 'TASK_STATE_COMPLETED'))),
  ),
  streamed(
    'says more after the end',
    'completed',
    saysAndWaits(events(working, completion, pieceTold('up-1', 'late'), statusTold('up-1', 'TASK_STATE_FAILED'))),
  ),
  streamed(
    'says garbage after the end',
    'completed',
    saysAndWaits(Buffer.concat([event(completed), Buffer.from([9, 9, 9, 9, 9])])),
  ),
];

/** Agents that speak gRPC, more or less. */
export const grpcScripts: readonly HostileScript[] = [...callScripts, ...streamScripts, ...http2Scripts];
