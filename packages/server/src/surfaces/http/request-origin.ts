import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AddressRanges, plainAddress } from './address-ranges.ts';
import { certificateOfConnection, certificateOfProxy } from './peer-certificate.ts';
import type { PeerCertificate } from './peer-certificate.ts';
import {
  clientCertificateFields,
  forwardedHops,
  readClientCertificate,
  xForwardedHops,
  xForwardedScheme,
} from './proxy-fields.ts';
import type { Hop } from './proxy-fields.ts';
import type { TrustedAuthorities } from './trusted-authorities.ts';

/** A family of header fields in which a proxy describes the connection that a request came by. */
export type ProxyFieldFamily = 'x-forwarded' | 'forwarded' | 'client-cert';

export interface RequestOriginOptions {
  /** Addresses of the proxies that are believed. Empty: none is. */
  readonly proxies: readonly string[];
  /** What they are believed. A family that is not named here is dropped, so that no client's own field comes through a proxy. */
  readonly families: ReadonlySet<ProxyFieldFamily>;
  readonly authorities: TrustedAuthorities;
}

/** Where a request comes from. */
export interface RequestOrigin {
  /** IP address of the client; empty when its connection is gone. */
  readonly clientAddress: string;
  /** The client's own connection is encrypted. */
  readonly isSecure: boolean;
  readonly certificate: PeerCertificate | null;
}

/** Fields that speak of another connection than the one that they came by. */
export const proxyFields: readonly string[] = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
  ...clientCertificateFields,
];

/** Tells where requests come from: from what their connections say, and from what trusted proxies say of theirs. */
export class RequestOrigins {
  readonly #proxies: AddressRanges;
  readonly #options: RequestOriginOptions;
  /** Of a connection nothing changes while it lasts. */
  readonly #known = new WeakMap<Socket, RequestOrigin>();

  constructor(options: RequestOriginOptions) {
    this.#options = options;
    this.#proxies = new AddressRanges(options.proxies);
  }

  isProxy(socket: Socket): boolean {
    return this.#proxies.has(addressOf(socket));
  }

  /** What the connection alone says. The certificate of a proxy that forwards certificates is no client's. */
  ofConnection(socket: Socket): RequestOrigin {
    const known = this.#known.get(socket);
    if (known !== undefined) return known;
    const tellsCertificates = this.#options.families.has('client-cert') && this.isProxy(socket);
    const origin = {
      clientAddress: addressOf(socket),
      isSecure: socket instanceof TLSSocket,
      certificate: tellsCertificates ? null : certificateOfConnection(socket),
    };
    this.#known.set(socket, origin);
    return origin;
  }

  /**
   * What a request with proxy fields says, and takes those fields from it: no later code reads them. Throws `request.invalid`
   * for a certificate of a trusted proxy that can not be read.
   */
  take({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): RequestOrigin {
    const direct = this.ofConnection(socket);
    const origin = this.isProxy(socket) ? this.#told(direct, headers) : direct;
    for (const name of proxyFields) if (headers[name] !== undefined) Reflect.deleteProperty(headers, name);
    return origin;
  }

  #told(direct: RequestOrigin, headers: IncomingMessage['headers']): RequestOrigin {
    const { families, authorities } = this.#options;
    const hop = this.#clientHop(families, headers);
    const scheme = families.has('x-forwarded') ? xForwardedScheme(headers) : (hop?.scheme ?? null);
    const certificate = families.has('client-cert') ? readClientCertificate(headers) : null;
    return {
      clientAddress: hop?.address ?? direct.clientAddress,
      isSecure: scheme === null ? direct.isSecure : scheme === 'https',
      certificate:
        certificate === null
          ? direct.certificate
          : certificateOfProxy(certificate.leaf, certificate.chain, authorities),
    };
  }

  /** The farthest hop that a trusted proxy names: any client may have written what stands before it. */
  #clientHop(families: ReadonlySet<ProxyFieldFamily>, headers: IncomingMessage['headers']): Hop | null {
    const hops = [
      ...(families.has('forwarded') ? forwardedHops(headers) : []),
      ...(families.has('x-forwarded') ? xForwardedHops(headers) : []),
    ];
    let farthest: Hop | null = null;
    for (const hop of hops.toReversed()) {
      if (hop.address === null) return farthest;
      farthest = hop;
      if (!this.#proxies.has(hop.address)) return farthest;
    }
    return farthest;
  }
}

function addressOf(socket: Socket): string {
  return plainAddress(socket.remoteAddress ?? '');
}
