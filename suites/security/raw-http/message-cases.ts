import { crlf, post, table } from './case-forms.ts';
import type { Template } from './case-forms.ts';

/** Requests with no body of their own, which end a connection or are refused; then the smuggled one. */
const then =
  (start: string, ...lines: readonly string[]): Template =>
  ({ token, smuggled, path }) =>
    [
      start.replaceAll('{path}', path),
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      ...lines,
      '',
      smuggled,
    ].join(crlf);

/** Requests whose body is the smuggled one. */
const carrying =
  (start: string): Template =>
  (target) =>
    then(start, `Content-Length: ${String(target.smuggled.length)}`)(target);

const startLines = table(
  'a request line',
  [
    'GET\t{path}\tHTTP/1.1',
    ' GET {path} HTTP/1.1',
    'GET {path} HTTP/1.1 ',
    'GET {path} http/1.1',
    'GET {path} HTTP/1.2',
    'GET {path} HTTP/2.0',
    'GET {path} HTTP/0.9',
    'GET {path} HTTP/11',
    'GET {path} HTTP/1.',
    'GET {path} HTTP/1.1x',
    'GET {path} HTTPS/1.1',
    'GET {path}',
    'GET',
    '',
    'GET {path} HTTP/+1.1',
    'get {path} HTTP/1.1',
    'GETX {path} HTTP/1.1',
    'G@T {path} HTTP/1.1',
    'GET\x00 {path} HTTP/1.1',
    'GET {path}\x00 HTTP/1.1',
    'GET {path}\x0b HTTP/1.1',
    'GET {path} HTTP/1.1\x00',
    'CONNECT localhost:80 HTTP/1.1',
    'GET http://localhost{path} HTTP/1.1',
    'GET http://other.example{path} HTTP/1.1',
    'GET //other.example{path}@ HTTP/1.2',
    'GET localhost:80 HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET * HTTP/1.1',
    'GET ?x HTTP/1.1',
    'GET \\ HTTP/1.1',
    'GET {path} HTTP/1.1\nX: y',
    'GET {path}\nHTTP/1.1',
    'PRI * HTTP/2.0',
    'GET {path}#x y HTTP/1.1',
    '\x16\x03\x01',
    'SSH-2.0-x',
    'GET \xff HTTP/1.1\x01',
  ],
  (start) => then(start),
);

const fieldLines = table(
  'a field',
  [
    'X',
    'X y',
    ': y',
    'X : y',
    'X\t: y',
    ' X: y',
    '\tX: y',
    'X: y\r z',
    'X: y\rz',
    'X: y\x00z',
    'X: \x01',
    'X: \x7f',
    'X\x00: y',
    'X\xff: y',
    'X(: y',
    'X@: y',
    'X/: y',
    '"X": y',
    'X=: y',
    'X;: y',
    'X: a\r\n b',
    'X: a\r\n\tb',
    'X: a\n b',
    'X_Y: z',
    'Content_Length: 5',
    'Authorization_: x',
    'Transfer_Encoding: chunked',
    'Host: localhost',
    'host: other.example',
    'Authorization: Bearer other',
    'Content-Type: text/plain\r\nContent-Type: application/json',
    'Content-Encoding: gzip\r\nContent-Encoding: identity',
    'X-Request-Id: a\r\nX-Request-Id: b',
    'Idempotency-Key: a\r\nIdempotency-Key: b',
    `X: ${'a'.repeat(20_000)}`,
    Array.from({ length: 120 }, (_, at) => `X${String(at)}: y`).join(crlf),
    Array.from({ length: 2_500 }, (_, at) => `X${String(at)}: y`).join(crlf),
    'Expect: something',
    'Expect: 100-continue, x',
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13',
    'Connection: close',
  ],
  (line) => then('GET {path} HTTP/1.1', line),
);

/** Requests that may be answered as they are, and alone on their connection: what they must not do is harm. */
const oddTargets = table(
  'a target',
  [
    '//',
    '///',
    '/.',
    '/..',
    '/../..',
    '/./health',
    '/health/',
    '/health//',
    '/HEALTH',
    '/health?',
    '/health?a=b?c=d',
    '/health#x',
    '/health;x=y',
    '/..;/health',
    '/health%00',
    '/health%0d%0aX: y',
    '/%2e%2e/health',
    '/%2e%2e%2fhealth',
    '/%252e%252e/health',
    '/%5c..%5chealth',
    '/health%20',
    '/health%ff',
    '/%c0%af',
    '/%',
    '/%z',
    '/%u0041',
    '/a\\..\\health',
    '/health\\',
    '/\xff',
    '/t/%2e%2e/agents/worker',
    '/t/acme%2fagents/worker',
    '/t//agents/',
    '/t/acme/agents/worker/../../../health',
    '/oauth/token?x',
    '/api/v1/../../health',
    '/api/v1//tenants',
    '/metrics',
    '/ready',
    '/.well-known/../health',
    '/.well-known/jwks.json%00',
    `/${'a'.repeat(7_000)}`,
    `/health?${'a=b&'.repeat(1_500)}`,
    '/health?a[]=1&a[__proto__]=2',
    '/__proto__',
    '/constructor/prototype',
    '/favicon.ico',
    '/robots.txt',
    '/server-status',
  ],
  (target) => () => [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', '', ''].join(crlf),
);
const oddRequests = table(
  'read as usual',
  [
    `GET  /health HTTP/1.1`,
    `GET /health  HTTP/1.1`,
    `${crlf}GET /health HTTP/1.1`,
    `${crlf}${crlf}GET /health HTTP/1.1`,
    `\nGET /health HTTP/1.1`,
    `HEAD /health HTTP/1.1`,
    `OPTIONS /health HTTP/1.1`,
    `TRACE /health HTTP/1.1`,
    `DELETE /health HTTP/1.1`,
    `M-SEARCH /health HTTP/1.1`,
    `GET /health HTTP/1.1${crlf}X-HTTP-Method-Override: DELETE`,
    `GET /health HTTP/1.1${crlf}Range: ${'bytes=0-1,'.repeat(400)}2-3`,
    `GET /health HTTP/1.1${crlf}Accept: ${'*/*;q=0.1,'.repeat(800)}*/*`,
    `GET /health HTTP/1.1${crlf}Accept-Encoding: ${'gzip,'.repeat(1_000)}br`,
    `GET /health HTTP/1.1${crlf}Cookie: ${'a=b; '.repeat(1_500)}`,
    `GET /health HTTP/1.1${crlf}Connection: host, authorization`,
    `GET /health HTTP/1.1${crlf}X-Original-URL: /metrics`,
    `GET /health HTTP/1.1${crlf}X-Rewrite-URL: /metrics`,
    `GET /health HTTP/1.1${crlf}X-Forwarded-For: 127.0.0.1`,
    `GET /health HTTP/1.1${crlf}X:`,
  ],
  (start) => () => [start, 'Host: localhost', 'Connection: close', '', ''].join(crlf),
);

/** A body where none belongs: the smuggled request is that body. */
const bodies = table(
  'a body with',
  ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'PUT', 'PATCH', 'POST', 'PROPFIND', 'QUERY'],
  (method) => carrying(`${method} {path} HTTP/1.1`),
);
const bodiesInPlaces = table(
  'a body at',
  [
    '/health',
    '/none',
    '/%zz',
    '/oauth/token',
    '/api/v1/none',
    '/.well-known/jwks.json',
    '{path}/none',
    '{path}/message:send',
  ],
  (place) => carrying(`POST ${place} HTTP/1.1`),
);
const unauthenticated = table(
  'an unauthenticated client',
  ['Content-Length: {length}', 'Content-Length: {length}\r\nExpect: 100-continue', 'Transfer-Encoding: chunked'],
  (lines) =>
    ({ path, smuggled }) => {
      const isChunked = lines.startsWith('Transfer');
      const body = isChunked ? `${smuggled.length.toString(16)}${crlf}${smuggled}${crlf}0${crlf}${crlf}` : smuggled;
      return [
        `POST ${path} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        lines.replace('{length}', String(smuggled.length)),
        '',
        body,
      ].join(crlf);
    },
);
const oldVersions = table(
  'HTTP/1.0',
  [
    'Connection: keep-alive',
    'Connection: close',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 3',
    'Transfer-Encoding: identity',
  ],
  (lines) =>
    post(
      lines.includes('Transfer') ? lines.split(crlf) : [lines, 'Content-Length: {length}'],
      (smuggled) => `0${crlf}${crlf}${smuggled}`,
      'POST /none HTTP/1.0',
    ),
);
/** Bodies that hold a request in whole, over several ways to name their type. */
const types = table(
  'a type',
  [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/http',
    '',
  ],
  (type) =>
    post(
      ['Content-Length: {length}', `Content-Encoding: ${type === '' ? 'gzip' : 'identity'}`, `X-Type: ${type}`],
      (smuggled) => smuggled,
    ),
);

/** Request lines, fields and bodies that are none, or in the wrong place. */
export const messageCases: readonly (readonly [string, Template])[] = [
  ...startLines,
  ...fieldLines,
  ...oddTargets,
  ...oddRequests,
  ...bodies,
  ...bodiesInPlaces,
  ...unauthenticated,
  ...oldVersions,
  ...types,
];
