import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { constants } from 'node:http2';
import type { ClientHttp2Stream } from 'node:http2';

/** Published by Node with each new stream of a client of HTTP/2. */
const createdChannel = 'http2.client.stream.created';

/**
 * Makes whoever closes a stream of HTTP/2 without a reason say CANCEL (RFC 9113 section 8.1: a client that is no longer interested).
 * Undici closes a stream that was aborted without a reason and destroys it at once. Node then waits with the reset for the rest of the
 * request, which it has just forgotten, and looks for it for ever: the process stands still and its memory grows by 200 MB a
 * second. With a reason the reset leaves first. It holds for every client of HTTP/2 in this process, probes included. Answers how to
 * stop it.
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
