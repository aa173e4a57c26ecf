import type { Draw } from '../seeded.ts';
import { pick } from './json-text.ts';
import type { FuzzRequest } from './party.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

const fields: readonly (readonly [string, readonly string[]])[] = [
  ['content-type', ['text/plain', 'application/json; charset=utf-16', 'application/xml', 'x', 'multipart/form-data']],
  ['accept', ['text/event-stream', 'application/xml', '*/*;q=0', 'x'.repeat(2_000)]],
  ['a2a-version', ['0.1', '0.3', '1.0', '1.1', '9', '1.0, 0.3', 'x', '1.0.0.0', '\u00e9']],
  ['a2a-extensions', ['urn:x', 'x,'.repeat(500), '\u00e9', 'urn:colloquy:extension:stream-cursor:v1']],
  ['content-encoding', ['gzip', 'br', 'deflate', 'identity', 'gzip, gzip']],
  ['x-request-id', ['x'.repeat(300), "x'; --", '\u00e9', 'req_0']],
  ['idempotency-key', [' ', 'x', 'x'.repeat(257), 'x'.repeat(5_000), '\u00e9']],
  ['last-event-id', ['0', '-1', '1e9', '99999999999999999999', 'x', '']],
  ['traceparent', ['00-0-0-0', 'x', `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`]],
  ['x-forwarded-for', ['10.0.0.1', '::1, x', 'x']],
  ['x-tenant-id', ['other', 'system']],
  ['x-quota-override', ['1000000']],
  ['forwarded', ['for=x;host=y;proto=https', '";;;']],
  ['origin', ['https://evil.invalid', 'null', 'x']],
  ['host', ['evil.invalid', 'localhost:1', '[::1']],
  ['cookie', ['_session=x; _interaction=%00', 'x=y; '.repeat(100)]],
  ['range', ['bytes=0-0,1-1,2-2', 'bytes=-1']],
  ['if-none-match', ['*', '"x"', 'W/']],
  ['dpop', ['x', 'a.b.c']],
  ['x-api-key', ['clq_x', 'x'.repeat(600)]],
  ['client-cert', [':x:', 'x']],
  ['prefer', ['respond-async', 'wait=1e9']],
];

const segments = [
  '%00',
  '%2e%2e',
  '%2F',
  '..;',
  '%ff',
  '%',
  '%E2%80%AE',
  '__proto__',
  'x'.repeat(300),
  'x'.repeat(3_000),
  '*',
  '',
  'tsk_00000000000000000000000000000000',
  'constructor',
  "'--",
  '%F0%9F%98%80',
  '1e9',
  '-1',
  '%0d%0aX:y',
  '~',
  ':',
];

const queries = [
  '?',
  '?x',
  '?pageSize=-1',
  '?pageToken=%00',
  '?historyLength=1e9',
  '?a2a-version=9',
  '?%00=%00',
  '?a=1&a=2',
];

/** The request with its method, path or fields changed, every third time. */
export function changeRequest(request: FuzzRequest, draw: Draw): FuzzRequest {
  if (draw(3) > 0) return request;
  switch (draw(5)) {
    case 0:
      return { ...request, method: pick(draw, methods) };
    case 1:
      return { ...request, path: changedPath(request.path, draw) };
    case 2:
      return { ...request, path: request.path + pick(draw, queries) };
    default: {
      const [name, values] = pick(draw, fields);
      return { ...request, headers: { ...request.headers, [name]: pick(draw, values) } };
    }
  }
}

function changedPath(path: string, draw: Draw): string {
  const parts = path.split('/');
  const at = 1 + draw(parts.length - 1);
  if (draw(3) === 0) return parts.toSpliced(at, 0, pick(draw, segments)).join('/');
  return parts.with(at, pick(draw, segments)).join('/') || '/';
}
