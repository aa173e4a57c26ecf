import { constants } from 'node:http2';
import { Socket } from 'node:net';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

/**
 * Closes the HTTP/2 stream of a call at once, which no method of the library does: a status waits behind what its reader does not
 * take. The client sees RESOURCE_EXHAUSTED; other calls on its connection go on.
 */
export function resetCall(call: ServerInterceptingCallInterface): void {
  const stream = streamOf(call);
  if (typeof stream !== 'object' || stream === null || !('close' in stream) || typeof stream.close !== 'function') {
    throw new TypeError('A gRPC call has no stream to close.');
  }
  Reflect.apply(stream.close, stream, [constants.NGHTTP2_ENHANCE_YOUR_CALM]);
}

/** The connection that a call came by, which no method of the library tells; null once it is gone. */
export function connectionOf(call: ServerInterceptingCallInterface): Socket | null {
  const stream = streamOf(call);
  const session: unknown = typeof stream === 'object' && stream !== null ? Reflect.get(stream, 'session') : null;
  // Reading the socket of a closed session throws.
  if (typeof session !== 'object' || session === null || Reflect.get(session, 'destroyed') === true) return null;
  const socket: unknown = Reflect.get(session, 'socket');
  return socket instanceof Socket ? socket : null;
}

function streamOf(call: ServerInterceptingCallInterface): unknown {
  return Reflect.get(call, 'stream');
}
