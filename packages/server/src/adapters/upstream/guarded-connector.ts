import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { checkPins } from './key-pin.ts';

/** Judges where a connection goes and where it came to; each throws `egress.refused`. */
export interface ConnectionJudge {
  checkUrl(text: string): URL;
  lookupFor(url: URL): LookupFunction;
  checkRemote(url: URL, address: string | undefined): void;
}

export interface GuardedConnectorOptions {
  readonly timeoutMs: number;
  /** Only connections on which HTTP/2 was agreed. */
  readonly isHttp2?: boolean;
  /** Keys that the other end may show; none: any. */
  readonly pins?: readonly string[];
  /** Called when the host name has led to allowed addresses only; not for a host that is an address. */
  readonly onResolved?: () => void;
}

/**
 * A connector of undici that reaches nothing but what the judge allows. Node asks no lookup about a host that is an address, so the URL
 * itself is judged before each connection, and the far end of the socket afterwards, before a byte of a request is sent.
 */
export function guardedConnector(
  judge: ConnectionJudge,
  url: URL,
  { timeoutMs, isHttp2 = false, pins = [], onResolved }: GuardedConnectorOptions,
): buildConnector.connector {
  // Without TLS there is no version negotiation (ALPN), so HTTP/2 is assumed.
  const version = isHttp2 ? { allowH2: true, useH2c: url.protocol === 'http:' } : { allowH2: false };
  const connect = buildConnector({
    lookup: observed(judge.lookupFor(url), onResolved),
    timeout: timeoutMs,
    ...version,
  });
  return (options, done) => {
    try {
      judge.checkUrl(url.href);
    } catch (error) {
      return done(asError(error), null);
    }
    connect(options, (...[error, socket]) => {
      if (error !== null) return done(error, null);
      try {
        judge.checkRemote(url, socket.remoteAddress);
        checkPins(socket, pins);
      } catch (refused) {
        socket.destroy();
        return done(asError(refused), null);
      }
      if (!isHttp2 || ('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) return done(null, socket);
      socket.destroy();
      done(new Error('The agent does not speak HTTP/2.'), null);
    });
  };
}

function observed(lookup: LookupFunction, onResolved: (() => void) | undefined): LookupFunction {
  if (onResolved === undefined) return lookup;
  return (host, options, done) => {
    lookup(host, options, (error, ...found) => {
      if (error === null) onResolved();
      done(error, ...found);
    });
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The address was not judged.');
}
