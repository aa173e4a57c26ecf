import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { freeParserOf } from './node-http-internals.ts';

/** What listens to a taken connection. */
export interface ConnectionListener {
  /** More may be written. */
  readonly drained: () => void;
  /** The connection is closed, by either side. */
  readonly closed: () => void;
}

/**
 * The rest of an answer on a connection that Node's HTTP has let go of: a parser, a request, a response and their listeners, some
 * 12 KB, are kept of it no longer. What is written leaves as chunks (RFC 9112 section 7.1); the connection ends with the answer.
 */
export class TakenConnection {
  readonly #socket: Socket;
  #isEnded = false;

  constructor(socket: Socket, { drained, closed }: ConnectionListener) {
    this.#socket = socket;
    socket.on('drain', drained).on('close', closed).on('error', ignore).on('end', destroy);
    // A further request would be answered after this stream: the connection ends with it, so no client waits for that.
    socket.resume();
  }

  get writableEnded(): boolean {
    return this.#isEnded;
  }

  /** Bytes that wait for the reader. */
  get writableLength(): number {
    return this.#socket.writableLength;
  }

  /** Whether the whole answer has left. */
  get writableFinished(): boolean {
    return this.#isEnded && this.#socket.writableFinished;
  }

  /** False when the reader has to take what is written before there is more. */
  write(text: string): boolean {
    return this.#socket.write(chunkOf(text));
  }

  /** Ends the answer, and the connection once it has left. */
  end(text = ''): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.write(`${text === '' ? '' : chunkOf(text)}0\r\n\r\n`);
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** What breaks is closed, and that is told. */
function ignore(): void {}

/** The reader has left. */
function destroy(this: Socket): void {
  this.destroy();
}

function chunkOf(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/**
 * Takes the connection of an answer that has begun, which said that the connection ends with it (`shouldKeepAlive` was false), whose
 * request was read to its end and which has nothing waiting. Null when it can not be taken, or not yet; then nothing has changed. The
 * caller sees to it that no other request waits on the connection.
 */
export function takeConnection(
  request: IncomingMessage,
  response: ServerResponse,
  listener: ConnectionListener,
): TakenConnection | null {
  const { socket } = response;
  const isMidway = response.headersSent && response.chunkedEncoding && !response.writableEnded;
  // A client that may send its next request here would have sent it when the connection ends.
  if (socket === null || socket.destroyed || response.shouldKeepAlive || !isMidway || !request.complete) return null;
  // The TLS of a connection hangs on listeners of its own, which would be taken away with the others.
  if (socket instanceof TLSSocket) return null;
  if (response.writableLength > 0 || !freeParserOf(socket, request)) return null;
  response.detachSocket(socket);
  // Those of Node's HTTP, of its streams and of the requests: the new owner of the connection is the only one to listen.
  socket.removeAllListeners();
  socket.setTimeout(0);
  return new TakenConnection(socket, listener);
}
