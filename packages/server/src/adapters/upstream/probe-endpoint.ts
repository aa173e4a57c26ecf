import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { EndpointCertificate, EndpointProber } from '../../modules/registry/index.ts';
import type { EgressGuard } from './egress-guard.ts';
import type { EgressGuards } from './egress-guards.ts';
import type { EvenFailures } from './even-failures.ts';
import { keyPinOf } from './key-pin.ts';

const subjectCharsMax = 1_024;
const codeShape = /^[A-Z][A-Z0-9_]{0,63}$/;

export interface EndpointProberOptions {
  readonly guards: Pick<EgressGuards, 'forTenant'>;
  readonly bounds: { readonly cardFetchMs: number };
  readonly failures: EvenFailures;
}

/**
 * Reads the certificates of endpoints over connections that the guard allows, without trusting them and without sending a request. An
 * address whose text is forbidden is refused at once; all later failures look alike.
 */
export function createEndpointProber({ guards, bounds, failures }: EndpointProberOptions): EndpointProber {
  return {
    async probe(origin, tenantId) {
      const guard = await guards.forTenant(tenantId);
      const url = guard.checkUrl(origin);
      return failures.of('registry.endpoint-unreachable', () => readCertificate(guard, url, bounds.cardFetchMs));
    },
  };
}

async function readCertificate(guard: EgressGuard, url: URL, timeoutMs: number): Promise<EndpointCertificate> {
  const socket = await open(guard, url, timeoutMs);
  try {
    guard.checkRemote(url, socket.remoteAddress);
    return shownBy(socket, url.origin);
  } finally {
    socket.destroy();
  }
}

function open(guard: EgressGuard, url: URL, timeoutMs: number): Promise<TLSSocket> {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: url.port === '' ? 443 : Number(url.port),
      lookup: guard.lookupFor(url),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false,
    });
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(cause instanceof Error ? cause : new Error('The endpoint could not be reached.'));
    };
    const timer = setTimeout(() => fail(new Error('The endpoint did not answer in time.')), timeoutMs).unref();
    socket.on('error', fail);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function shownBy(socket: TLSSocket, origin: string): EndpointCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new Error('The endpoint has shown no certificate.');
  return {
    origin,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    keyPin: keyPinOf(certificate),
    problem: socket.authorized ? null : problemOf(socket.authorizationError),
  };
}

/** A code of TLS; Node types it as an error and gives its code, or an error with one. */
function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  return typeof code === 'string' && codeShape.test(code) ? code : 'UNTRUSTED';
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').toReversed().join(',').slice(0, subjectCharsMax);
}
