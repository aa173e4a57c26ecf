import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Node publishes these when an HTTP/2 stream has started on its connection, for clients and servers. */
const startChannels = ['http2.client.stream.start', 'http2.server.stream.start'];

/** The native object behind an HTTP/2 stream or connection. */
type Handle = object;

/**
 * Keeps the native object of an HTTP/2 connection alive as long as those of its streams. Node leaves a stream that ended with bytes in flight
 * to the garbage collector. When the peer had started a header block and not finished it, such a stream holds memory of its connection. If
 * the connection is collected first, its memory check (`current_nghttp2_memory_` in node_http2.cc) aborts the process. Returns a
 * function that undoes it; streams that started before stay protected.
 */
export function keepSessions(): () => void {
  const onStart = (message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Node documents for these channels
    const { stream } = message as { readonly stream: { readonly session?: object | undefined } };
    const beneath = handleOf(stream);
    const connection = stream.session === undefined ? null : handleOf(stream.session);
    if (beneath !== null && connection !== null) streams.register(beneath, connection);
  };
  for (const channel of startChannels) subscribe(channel, onStart);
  return () => startChannels.forEach((channel) => void unsubscribe(channel, onStart));
}

/** Holds the connection of each stream until the stream is collected. It lives as long as the process, because a collected registry holds nothing. */
const streams = new FinalizationRegistry<Handle>(() => undefined);

/** Node has no public API for the native handle. */
function handleOf(owner: object): Handle | null {
  const key = Object.getOwnPropertySymbols(owner).find(({ description }) => description === 'kHandle');
  const handle: unknown = key === undefined ? null : Reflect.get(owner, key);
  return typeof handle === 'object' ? handle : null;
}
