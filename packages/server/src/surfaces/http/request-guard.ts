import type { IncomingMessage } from 'node:http';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { proxyFields } from './request-origin.ts';

/** Fields whose second occurrence Node drops without an error. A proxy that reads the last one would see another value than we do. */
const singleFields: readonly string[] = [
  'authorization',
  'x-api-key',
  'host',
  'content-type',
  'content-encoding',
  'x-request-id',
  'origin',
  'idempotency-key',
];

/** A bit for each field that may come once; the same bit 0 for all that speak of another connection. */
const bitOfField: ReadonlyMap<string, number> = new Map([
  ...proxyFields.map((name): [string, number] => [name, 1]),
  ...singleFields.map((name, at): [string, number] => [name, 2 << at]),
]);
const watchedLengths: ReadonlySet<number> = new Set(Array.from(bitOfField.keys(), (name) => name.length));

/**
 * Refuses what two readers of one request could understand in two ways: duplicated fields, names that some readers take for others,
 * a framing that is not HTTP/1.1's own, a missing host, an absolute target, more fields than are read. Throws `request.invalid`.
 * Answers whether a field speaks of another connection than the one that it came by. Allocates next to nothing for a good request.
 */
export function assertUnambiguous(request: IncomingMessage): boolean {
  const { rawHeaders, url } = request;
  if (rawHeaders.length > 2 * limits.headerFieldsMax)
    throw invalid('header', `at most ${limits.headerFieldsMax} fields`);
  if (url?.charCodeAt(0) !== 0x2f) throw invalid('target', 'must be a path');
  assertFraming(request);
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // Gateways of the CGI tradition read an underscore as a hyphen.
    if (name.includes('_')) throw invalid('header', 'names must be without underscores');
    if (!watchedLengths.has(name.length)) continue;
    const bit = bitOfField.get(name.toLowerCase()) ?? 0;
    if (bit > 1 && (seen & bit) !== 0) throw invalid(name.toLowerCase(), 'must not be repeated');
    seen |= bit;
  }
  return (seen & 1) !== 0;
}

/** Where a request ends must be plain to every reader, also to one of HTTP/1.0 and to one that expects no body with a GET. */
function assertFraming({ headers, method, httpVersion }: IncomingMessage): void {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw invalid('version', 'must be HTTP/1.1');
  if (headers.host === undefined && httpVersion === '1.1') throw invalid('host', 'must be sent');
  const { 'transfer-encoding': coding, 'content-length': length, expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') throw invalid('expect', 'must be 100-continue');
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1')
      throw invalid('transfer-encoding', 'must be chunked');
    if (length !== undefined) throw invalid('content-length', 'must not stand beside a transfer coding');
  }
  const hasBody = coding !== undefined || (length !== undefined && length !== '0');
  if (hasBody && (method === 'GET' || method === 'HEAD')) throw invalid('body', 'must not come with this method');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
