import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Published by Node when a stream of HTTP/2 and the connection it belongs to have both begun, of a client and of a server. */
const startChannels = ['http2.client.stream.start', 'http2.server.stream.start'];

/** An object of Node's own beneath one of JavaScript's: a stream or a connection of HTTP/2. */
type Handle = object;

/**
 * Keeps what is beneath a connection of HTTP/2 for as long as what is beneath each of its streams. Node leaves a stream that ended while
 * its bytes were still on their way to the garbage collector. When the other end had begun fields and not ended them, such a stream holds
 * memory of its connection, and a connection that is collected before its streams finds that and ends the process
 * (`current_nghttp2_memory_` in node_http2.cc). Answers how to stop it; streams that began before are kept well all the same.
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

/** Holds the connection of each stream until that stream is collected. For as long as the process, as a registry that is gone holds nothing. */
const streams = new FinalizationRegistry<Handle>(() => undefined);

/** Node has no public name for it. */
function handleOf(owner: object): Handle | null {
  const key = Object.getOwnPropertySymbols(owner).find(({ description }) => description === 'kHandle');
  const handle: unknown = key === undefined ? null : Reflect.get(owner, key);
  return typeof handle === 'object' ? handle : null;
}
