import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { constants } from 'node:http2';
import type { ClientHttp2Stream } from 'node:http2';

/** Published by Node with each new stream of a client of HTTP/2. */
const createdChannel = 'http2.client.stream.created';

/**
 * Sends CANCEL when a client closes an HTTP/2 stream without an error code (RFC 9113 section 8.1: a client that is no longer interested).
 * Undici closes an aborted stream without a code and destroys it at once. Node then delays the reset until the rest of the request is
 * sent, has dropped that rest already, and loops forever: the process hangs and its memory grows by 200 MB a second. With a code the
 * reset is sent first. This applies to every HTTP/2 client in the process, probes included. Returns a function that undoes it.
 */
export function cancelClosedStreams(): () => void {
  const onCreated = (message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Node documents for this channel
    const { stream } = message as { readonly stream: ClientHttp2Stream };
    const close = stream.close.bind(stream);
    stream.close = (code = constants.NGHTTP2_CANCEL, callback) => close(code, callback);
  };
  subscribe(createdChannel, onCreated);
  return () => void unsubscribe(createdChannel, onCreated);
}
