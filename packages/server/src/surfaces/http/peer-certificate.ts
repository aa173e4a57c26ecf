import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TrustedAuthorities } from './trusted-authorities.ts';

/** The certificate that a client has proved to hold the key of, by its own TLS connection or as a trusted proxy tells it. */
export interface PeerCertificate {
  /** `x5t#S256`: base64url of the SHA-256 of its DER form (RFC 8705 section 3.1). */
  readonly x5tS256: string;
  readonly certificate: X509Certificate;
  /** The subject as RFC 4514 writes it, most specific part first: `CN=worker,O=Example`. Empty when it has none. */
  readonly subjectDn: string;
  /** The subject's other names (RFC 5280 section 4.2.1.6). */
  readonly altNames: AlternativeNames;
  /** An authority that this platform trusts for clients vouches for it. A self-signed certificate comes through with false. */
  readonly chainVerified: boolean;
}

/** Names by kind, as RFC 8705 section 2.1.2 compares them. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly uri: readonly string[];
  readonly ip: readonly string[];
  readonly email: readonly string[];
}

/** The certificate of a connection's other end; null without TLS and without a certificate. */
export function certificateOfConnection(socket: Socket): PeerCertificate | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? null : peerCertificateOf(certificate, socket.authorized);
}

/** The client certificate in the fields of a proxy. It is verified against our authorities, with the certificate chain in the fields. */
export function certificateOfProxy(
  certificate: X509Certificate,
  chain: readonly X509Certificate[],
  authorities: TrustedAuthorities,
): PeerCertificate {
  return peerCertificateOf(certificate, authorities.vouchFor(certificate, chain));
}

function peerCertificateOf(certificate: X509Certificate, chainVerified: boolean): PeerCertificate {
  const digest = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex');
  return {
    x5tS256: digest.toString('base64url'),
    certificate,
    // Node writes one part on each line in the order of the certificate, each escaped as in RFC 4514.
    subjectDn: (certificate.subject ?? '').split('\n').toReversed().join(','),
    altNames: alternativeNamesOf(certificate.subjectAltName),
    chainVerified,
  };
}

/** One name in Node's list: a kind, and a value that stands in quotes when it could be read as several. */
const listedName = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/gy;

function alternativeNamesOf(list: string | undefined): AlternativeNames {
  const names = {
    dns: new Array<string>(),
    uri: new Array<string>(),
    ip: new Array<string>(),
    email: new Array<string>(),
  };
  for (const [, kind, value = ''] of (list ?? '').matchAll(listedName)) {
    // A quoted value has characters that no name of these kinds has: it equals nothing that anybody may expect.
    if (value.startsWith('"')) continue;
    if (kind === 'DNS') names.dns.push(value.toLowerCase());
    else if (kind === 'URI') names.uri.push(value);
    else if (kind === 'IP Address' && isIP(value) !== 0) names.ip.push(value);
    else if (kind === 'email') names.email.push(value);
  }
  return names;
}
