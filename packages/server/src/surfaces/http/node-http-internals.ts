import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * What Node's HTTP server does itself when a connection is upgraded or closed, and does not publish: it gives the parser of a
 * connection back. A Node without it is served all the same, with larger streams. The tests of taken connections exercise it.
 */
interface HttpInternals {
  freeParser(parser: object, request: IncomingMessage, socket: Socket): void;
}

function isHttpInternals(module: unknown): module is HttpInternals {
  return (
    typeof module === 'object' && module !== null && 'freeParser' in module && typeof module.freeParser === 'function'
  );
}

const internals: unknown = process.getBuiltinModule('node:_http_common');

/** Takes the parser from a connection, which from now on is no more than a socket. False when this Node can not. */
export function freeParserOf(socket: Socket, request: IncomingMessage): boolean {
  const parser: unknown = 'parser' in socket ? socket.parser : null;
  if (!isHttpInternals(internals) || typeof parser !== 'object' || parser === null) return false;
  internals.freeParser(parser, request, socket);
  return true;
}
