import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { PlatformError } from '../../kernel/errors.ts';
import { plainAddress } from './address-ranges.ts';

/** One connection on the way of a request, as described by the proxy that accepted it. */
export interface Hop {
  /** Null: unknown, hidden, or no address. */
  readonly address: string | null;
  /** Null: not told. */
  readonly scheme: 'http' | 'https' | null;
}

/** More proxies than a deployment has; hops before them are not read. */
const hopsMax = 32;
const certificateField = 'client-cert';
const chainField = 'client-cert-chain';

/** The fields of RFC 9440. */
export const clientCertificateFields = [certificateField, chainField] as const;

/** The hops of `X-Forwarded-For`, nearest last. */
export function xForwardedHops(headers: IncomingHttpHeaders): Hop[] {
  return itemsOf(headers['x-forwarded-for']).map((item) => ({ address: addressIn(item), scheme: null }));
}

/** The scheme of the request at the nearest proxy: `X-Forwarded-Proto`. */
export function xForwardedScheme(headers: IncomingHttpHeaders): Hop['scheme'] {
  return schemeOf(itemsOf(headers['x-forwarded-proto']).at(-1));
}

/** The hops of `Forwarded` (RFC 7239 section 4), nearest last. */
export function forwardedHops(headers: IncomingHttpHeaders): Hop[] {
  return splitOutsideQuotes(headers.forwarded ?? '', ',')
    .slice(-hopsMax)
    .map((element) => {
      const pairs = new Map(splitOutsideQuotes(element, ';').map(pairOf));
      return { address: addressIn(pairs.get('for') ?? ''), scheme: schemeOf(pairs.get('proto')) };
    });
}

/** A client's certificate and the chain it came with. */
export interface ToldCertificate {
  readonly leaf: X509Certificate;
  readonly chain: readonly X509Certificate[];
}

/** The certificate of `Client-Cert` (RFC 9440 section 2); null without the field. Throws `request.invalid` for anything else. */
export function readClientCertificate(headers: IncomingHttpHeaders): ToldCertificate | null {
  const text = headers[certificateField];
  if (text === undefined) return null;
  return {
    leaf: certificateIn(certificateField, text),
    chain: itemsOf(headers[chainField]).map((item) => certificateIn(chainField, item)),
  };
}

/** A Byte Sequence (RFC 9651 section 3.3.5) with the DER of one certificate. */
function certificateIn(field: string, text: string | readonly string[]): X509Certificate {
  const base64 = typeof text === 'string' ? /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text)?.[1] : undefined;
  try {
    if (base64 !== undefined) return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    // Answered below, like text that is no byte sequence.
  }
  throw new PlatformError('request.invalid', { violations: [{ field, description: 'must be a certificate' }] });
}

function itemsOf(value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : value.join(',');
  return text
    .split(',')
    .map((item) => item.trim())
    .slice(-hopsMax);
}

function schemeOf(text: string | undefined): Hop['scheme'] {
  const scheme = text?.toLowerCase();
  return scheme === 'http' || scheme === 'https' ? scheme : null;
}

/** `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80` (RFC 7239 section 6). */
function addressIn(text: string): string | null {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  const address = plainAddress(bracketed ?? text.replace(/^([\d.]+):\d{1,5}$/, '$1'));
  return isIP(address) === 0 || address.includes('%') ? null : address;
}

function pairOf(text: string): [string, string] {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=').trim();
  return [name.trim().toLowerCase(), value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value];
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts = text.match(separator === ',' ? /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g : /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g);
  return (parts ?? []).map((part) => part.trim());
}
