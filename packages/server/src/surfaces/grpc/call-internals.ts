import { constants } from 'node:http2';
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';

/**
 * Closes the HTTP/2 stream of a call at once, which no method of the library does: a status waits behind what its reader does not
 * take. The client sees RESOURCE_EXHAUSTED; other calls on its connection go on.
 */
export function resetCall(call: ServerInterceptingCallInterface): void {
  const stream: unknown = Reflect.get(call, 'stream');
  if (typeof stream !== 'object' || stream === null || !('close' in stream) || typeof stream.close !== 'function') {
    throw new TypeError('A gRPC call has no stream to close.');
  }
  Reflect.apply(stream.close, stream, [constants.NGHTTP2_ENHANCE_YOUR_CALM]);
}
