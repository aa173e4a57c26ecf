import { constants } from 'node:crypto';
import { Server } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { limits } from '../../kernel/limits.ts';

/** PEM texts of a listener. */
export interface TlsMaterial {
  readonly certificate: string;
  readonly key: string;
}

/** How a listener speaks TLS. */
export interface TlsPolicy {
  /** Whether clients without TLS 1.3 may use TLS 1.2. */
  readonly isTls12Allowed: boolean;
  /** Whether clients are asked for a certificate. It is optional here; operations that need it verify it. */
  readonly asksForCertificates: boolean;
}

export interface ListenerTls {
  readonly material: TlsMaterial;
  readonly policy: TlsPolicy;
  /** PEM certificates of the authorities that vouch for clients; empty: none does, the web's neither. */
  readonly clientAuthorities: string;
}

/** TLS 1.3 as it is, and of 1.2 what has forward secrecy and authenticated encryption (RFC 9325 section 4.2). */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** The options of a listener of Node's, at its start and when its certificate is renewed. Throws for texts that are no key pair. */
export function tlsOptionsOf({ material, policy, clientAuthorities }: ListenerTls): TlsOptions {
  return {
    cert: material.certificate,
    key: material.key,
    // Without a list of its own Node trusts every authority of the web.
    ca: clientAuthorities === '' ? [] : clientAuthorities,
    minVersion: policy.isTls12Allowed ? 'TLSv1.2' : 'TLSv1.3',
    ciphers,
    honorCipherOrder: true,
    requestCert: policy.asksForCertificates,
    rejectUnauthorized: false,
    handshakeTimeout: limits.headersMs,
    // The certificate of a session that is taken up again would not be judged again, though it may have ended meanwhile.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | (policy.asksForCertificates ? constants.SSL_OP_NO_TICKET : 0),
  };
}

/** Gives a listener another certificate. New connections use it; open ones keep the old one. */
export function renewTls(listener: object, tls: ListenerTls): void {
  if (!(listener instanceof Server)) throw new TypeError('A listener without TLS has no certificate to renew.');
  listener.setSecureContext(tlsOptionsOf(tls));
}
