import type { IncomingMessage } from 'node:http';
import { limits } from '../../kernel/limits.ts';
import { announcedBytes } from './body-room.ts';
import type { RequestContext } from './request-context.ts';

/** The requests of a connection whose answers have not left, in the order of arrival. It is the turn of the first. */
type RequestsOnConnection = readonly RequestContext[];

/**
 * Whether the last one makes more wait than may. It does not when it is the next one behind an answer that is written: its client may know
 * that, and send, before the answer is seen to have left here. Over TLS that is a turn of the event loop later.
 */
export function isTooFarAhead([first, ...waiting]: RequestsOnConnection): boolean {
  if (waiting.length === 1 && first?.response.writableEnded === true) return false;
  let bytes = 0;
  for (const { request } of waiting) bytes += headBytes(request) + announcedBytes(request.headers);
  return bytes > limits.bytesAheadMax || waiting.length >= limits.requestsAheadMax;
}

/** Whether so many requests are open, refused ones included, that the connection is closed without an answer: its client pipelines regardless. */
export function isTooMuch([, ...behind]: RequestsOnConnection): boolean {
  let bytes = 0;
  for (const { request } of behind) bytes += headBytes(request);
  return bytes > limits.headBytesOpenMax || behind.length >= limits.requestsOpenMax;
}

/**
 * Takes the body of a refused request from its connection, which no code reads while a body is kept for a reader; ends the connection when
 * the body is larger than any that is read.
 */
export function dropBody(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', ({ length }: Buffer) => {
    bytes += length;
    if (bytes > limits.bodyBytesMax) request.socket.destroy();
  });
}

function headBytes({ url = '', rawHeaders }: IncomingMessage): number {
  let bytes = url.length;
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}
