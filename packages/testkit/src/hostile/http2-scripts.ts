import type { Socket } from 'node:net';
import { http2Frame } from '../http2-frame.ts';
import { startRawAgent } from '../raw-agent.ts';
import { flood } from './acts.ts';
import type { HostileScript } from './script.ts';
import { scriptDefaults, short } from './script.ts';

const nothing = Buffer.alloc(0);
const agreed = http2Frame('settings', nothing);
/** `:status: 200` from the static table, and the content type by its index there (RFC 7541 appendix A). */
const fields = Buffer.concat([Buffer.from([0x88, 0x0f, 0x10, 16]), Buffer.from('application/grpc')]);
const endHeaders = 4;
const setting = (id: number, value: number): Buffer => {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(id, 0);
  payload.writeUInt32BE(value, 2);
  return payload;
};
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function framed(
  name: string,
  ends: HostileScript['ends'],
  act: (socket: Socket) => void,
  more: Partial<HostileScript> = {},
): HostileScript {
  // The beginning of a connection reads as a request of its own method (RFC 9113 section 3.4); the call follows it.
  const start = (): ReturnType<HostileScript['start']> =>
    startRawAgent((socket, { head }) => {
      if (head.startsWith('PRI ')) act(socket);
    });
  return { name, wire: '1.0 GRPC', streaming: false, ends, start, ...scriptDefaults, ...more };
}

const saysFrames =
  (...frames: readonly Buffer[]) =>
  (socket: Socket): void =>
    void socket.write(Buffer.concat([agreed, ...frames]));

const floods =
  (bytes: Buffer, ...first: readonly Buffer[]) =>
  (socket: Socket): void => {
    socket.write(Buffer.concat([agreed, ...first]));
    const times = Math.ceil(65_536 / bytes.length);
    flood(socket, Buffer.alloc(times * bytes.length, bytes));
  };

/** Agents that break HTTP/2 itself, or use all that it allows. The first call of a connection is its stream 1. */
export const http2Scripts: readonly HostileScript[] = [
  framed('speaks garbage', 'upstream.outcome-unknown', (socket) => socket.write(Buffer.alloc(4096, 0xa5))),
  framed('agrees to nothing', 'upstream.timeout', () => undefined, short),
  framed('agrees to no call at all', 'upstream.timeout', saysFrames(http2Frame('settings', setting(3, 0))), short),
  framed(
    'goes away',
    'upstream.outcome-unknown',
    saysFrames(http2Frame('goAway', Buffer.concat([uint32(0), uint32(0)]))),
  ),
  framed(
    'sends a frame larger than agreed',
    'upstream.outcome-unknown',
    saysFrames(http2Frame('data', Buffer.alloc(1024), { on: 1, length: 0xffffff })),
  ),
  framed(
    'answers a call that was never made',
    'upstream.outcome-unknown',
    saysFrames(http2Frame('data', Buffer.alloc(8), { on: 7 })),
  ),
  framed(
    'pushes without being asked',
    'upstream.timeout',
    saysFrames(http2Frame('push', Buffer.concat([uint32(2), fields]), { flags: endHeaders, on: 1 })),
    short,
  ),
  framed(
    'opens its window beyond all numbers',
    'upstream.outcome-unknown',
    saysFrames(http2Frame('window', uint32(0x7fffffff)), http2Frame('window', uint32(0x7fffffff))),
  ),
  framed(
    'answers in fields that can not be read',
    'upstream.outcome-unknown',
    saysFrames(http2Frame('headers', Buffer.alloc(32, 0xff), { flags: endHeaders, on: 1 })),
  ),
  framed(
    'never ends its fields',
    'upstream.outcome-unknown',
    floods(http2Frame('continuation', Buffer.alloc(1024, 0x88), { on: 1 }), http2Frame('headers', fields, { on: 1 })),
  ),
  framed('floods with pings', 'upstream.outcome-unknown', floods(http2Frame('ping', Buffer.alloc(8)))),
  framed('floods with settings', 'upstream.outcome-unknown', floods(agreed)),
  framed(
    'floods with resets of calls that were never made',
    'upstream.outcome-unknown',
    floods(http2Frame('reset', uint32(0), { on: 9 })),
  ),
  framed('floods with frames of no kind', 'upstream.outcome-unknown', floods(http2Frame('unknown', Buffer.alloc(64)))),
  framed(
    'floods with priorities',
    'upstream.outcome-unknown',
    floods(http2Frame('priority', Buffer.alloc(5), { on: 1 })),
  ),
  framed(
    'floods with empty data',
    'upstream.outcome-unknown',
    floods(http2Frame('data', nothing, { on: 1 }), http2Frame('headers', fields, { flags: endHeaders, on: 1 })),
  ),
];
