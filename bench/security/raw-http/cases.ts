/** What a case is made of: the address and the token of a good caller, and a request that nobody has sent. */
export interface CaseSetting {
  readonly path: string;
  readonly token: string;
  /** A whole request that is done, and seen in the log, if anybody takes it for one. */
  readonly smuggled: string;
}

/** Bytes on one connection. Whoever reads them well never sees the smuggled request as one. */
export interface RawCase {
  readonly name: string;
  readonly bytes: string;
}

type Template = (setting: CaseSetting) => string;

const crlf = '\r\n';

/** A POST of the caller with these lines between its own fields and its body. */
const post =
  (lines: readonly string[], body: (smuggled: string) => string, start?: string): Template =>
  ({ path, token, smuggled }) =>
    [
      start ?? `POST ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      ...lines.map((line) => line.replaceAll('{length}', String(Buffer.byteLength(body(smuggled), 'latin1')))),
      '',
      body(smuggled),
    ].join(crlf);

const named = (
  group: string,
  templates: Readonly<Record<string, Template>>,
): readonly (readonly [string, Template])[] =>
  Object.entries(templates).map(([name, template]) => [`${group}: ${name}`, template] as const);

const shown = (text: string): string => JSON.stringify(text).slice(1, -1);

const table = (group: string, values: readonly string[], template: (value: string) => Template) =>
  named(group, Object.fromEntries(values.map((value) => [shown(value).slice(0, 80), template(value)])));

/** Ways to write a transfer coding that one reader takes for chunked and another does not. */
const codings = [
  'chunked',
  'Chunked',
  'CHUNKED',
  ' chunked',
  '\tchunked',
  'chunked ',
  'chunked\t',
  'xchunked',
  'chunkedx',
  'chunk',
  'chunked, identity',
  'identity',
  'identity, chunked',
  'gzip, chunked',
  'chunked, gzip',
  'chunked, chunked',
  '"chunked"',
  "'chunked'",
  'chunked;q=1',
  'chunked ;',
  'chunked,',
  ',chunked',
  '\x0bchunked',
  '\x0cchunked',
  'chunked\x00',
  '\x00chunked',
  'ch\x00unked',
  'chunked\x85',
  '\xa0chunked',
  'deflate',
  'trailers',
  'cow',
  '',
  '0',
  'chunked\r',
  'chun\r\n ked',
  '\r\n chunked',
] as const;
const codingNames = [
  'Transfer-Encoding',
  'transfer-encoding',
  'Transfer-Encoding ',
  ' Transfer-Encoding',
  'Transfer_Encoding',
];

/** The body ends for one reader where the smuggled request begins, and for another behind it. */
const chunkedEnd = (smuggled: string): string => `0${crlf}${crlf}${smuggled}`;

const clTe = codings.flatMap((coding) =>
  codingNames
    .slice(0, coding === 'chunked' ? 5 : 3)
    .map((name): readonly [string, Template] => [
      `length and coding: ${shown(name)}: ${shown(coding)}`,
      post(['Content-Length: {length}', `${name}:${coding.startsWith('\r') ? '' : ' '}${coding}`], chunkedEnd),
    ]),
);

const teCl = table('coding, then length', codings.slice(0, 24), (coding) =>
  post([`Transfer-Encoding: ${coding}`, 'Content-Length: 4'], (smuggled) => {
    const size = Buffer.byteLength(smuggled, 'latin1').toString(16);
    return `${size}${crlf}${smuggled}${crlf}0${crlf}${crlf}`;
  }),
);

const twoCodings = table('two codings', ['identity', 'chunked', 'x', 'gzip', ''], (coding) =>
  post(['Content-Length: {length}', 'Transfer-Encoding: chunked', `Transfer-Encoding: ${coding}`], chunkedEnd),
);

/** Lengths that are none, or another one for another reader. All of the smuggled request is inside of the right one. */
const lengths = [
  '+{length}',
  '-{length}',
  '-0',
  '-1',
  '{length},{length}',
  '{length}, 0',
  '0, {length}',
  '0x10',
  '0b1',
  '0o7',
  '1e1',
  '1.0',
  '{length}.0',
  '{length} 0',
  '{length};',
  '{length},',
  ',{length}',
  '{length}\x00',
  '\x00{length}',
  '{length}a',
  'a',
  '',
  ' ',
  '"{length}"',
  '\u00b2',
  '18446744073709551616',
  '99999999999999999999999999',
  '9007199254740993',
  '4294967296',
  '_1',
  '1_0',
  '{length}\x0b',
] as const;
const wrongLengths = table('a length', lengths, (length) =>
  post([`Content-Length: ${length}`], (smuggled) => smuggled),
);
const twoLengths = table(
  'two lengths',
  ['0', '1', '{length}', '+0', 'x', ''].flatMap((second) => [`${second}|first`, `${second}|last`]),
  (value) => {
    const [second = '', place] = value.split('|');
    const lines = ['Content-Length: {length}', `Content-Length: ${second}`];
    return post(place === 'first' ? lines.toReversed() : lines, (smuggled) => smuggled);
  },
);
const lengthNames = table(
  'a name of a length',
  [
    'Content-Length ',
    ' Content-Length',
    'Content_Length',
    'Content-Length\t',
    'Content-Length\x00',
    '"Content-Length"',
    'Content-Length:',
    'X\nContent-Length',
    'X\rContent-Length',
  ],
  (name) => post(['Content-Length: {length}', `${name}: 0`], (smuggled) => smuggled),
);

/** Sizes of a chunk that are none. The chunk would hold the smuggled request. */
const sizes = [
  '0x{size}',
  '+{size}',
  '-{size}',
  ' {size}',
  '{size} x',
  '{size},',
  '{size}_',
  'g',
  '',
  '{size}\x00',
  '{size}\x0b',
  '{size}.0',
  'fffffffffffffffff',
  '10000000000000000',
  '{size}\n',
  '{size}\r',
  '{size};\n',
  '{size};a\n',
  '{size};a="\n"',
  '{size};a=\x00',
  '{size}:',
  '\t{size}',
] as const;
const wrongSizes = table('a chunk of size', sizes, (size) =>
  post(['Transfer-Encoding: chunked'], (smuggled) => {
    const right = Buffer.byteLength(smuggled, 'latin1').toString(16);
    return `${size.replace('{size}', right)}${crlf}${smuggled}${crlf}0${crlf}${crlf}`;
  }),
);
const chunked = (body: (smuggled: string) => string): Template => post(['Transfer-Encoding: chunked'], body);
const chunkEnds = named('chunks', {
  'data longer than said': chunked((smuggled) => `2${crlf}{}xx${crlf}0${crlf}${crlf}${smuggled}`),
  'data shorter than said': chunked((smuggled) => `9${crlf}{}${crlf}0${crlf}${crlf}${smuggled}`),
  'no end of data': chunked((smuggled) => `2${crlf}{}0${crlf}${crlf}${smuggled}`),
  'a bare line feed after data': chunked((smuggled) => `2${crlf}{}\n0${crlf}${crlf}${smuggled}`),
  'a bare line feed after the size': chunked((smuggled) => `2\n{}${crlf}0${crlf}${crlf}${smuggled}`),
  'a bare line feed at the end': chunked((smuggled) => `2${crlf}{}${crlf}0\n\n${smuggled}`),
  'a mixed end': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}\n${smuggled}`),
  'an extension': chunked((smuggled) => `2;a=b${crlf}{}${crlf}0${crlf}${crlf}${smuggled}`),
  'an extension with the request': chunked((smuggled) => `2;a="${smuggled}"${crlf}{}${crlf}0${crlf}${crlf}`),
  'a long extension': chunked((smuggled) => `2;${'a'.repeat(20_000)}${crlf}{}${crlf}0${crlf}${crlf}${smuggled}`),
  'a trailer': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}X: y${crlf}${crlf}${smuggled}`),
  'a trailer with a length': chunked(
    (smuggled) => `2${crlf}{}${crlf}0${crlf}Content-Length: 0${crlf}${crlf}${smuggled}`,
  ),
  'a trailer with a coding': chunked(
    (smuggled) => `2${crlf}{}${crlf}0${crlf}Transfer-Encoding: chunked${crlf}${crlf}${smuggled}`,
  ),
  'a folded trailer': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}X: y${crlf} z${crlf}${crlf}${smuggled}`),
  'a trailer that is the request': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}${smuggled}`),
  'zeros before the end': chunked((smuggled) => `2${crlf}{}${crlf}0000${crlf}${crlf}${smuggled}`),
  'many chunks': chunked((smuggled) => `${`1${crlf}x${crlf}`.repeat(500)}0${crlf}${crlf}${smuggled}`),
});

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
  (method) =>
    ({ path, token, smuggled }) =>
      [
        `${method} ${path} HTTP/1.1`,
        'Host: localhost',
        `Authorization: Bearer ${token}`,
        `Content-Length: ${String(smuggled.length)}`,
        '',
        smuggled,
      ].join(crlf),
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
  (place) =>
    ({ path, token, smuggled }) =>
      [
        `POST ${place.replace('{path}', path)} HTTP/1.1`,
        'Host: localhost',
        `Authorization: Bearer ${token}`,
        `Content-Length: ${String(smuggled.length)}`,
        '',
        smuggled,
      ].join(crlf),
);
const strangers = table(
  'a stranger',
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

const templates: readonly (readonly [string, Template])[] = [
  ...clTe,
  ...teCl,
  ...twoCodings,
  ...wrongLengths,
  ...twoLengths,
  ...lengthNames,
  ...wrongSizes,
  ...chunkEnds,
  ...startLines,
  ...fieldLines,
  ...oddTargets,
  ...oddRequests,
  ...bodies,
  ...bodiesInPlaces,
  ...strangers,
  ...oldVersions,
  ...types,
];

export const rawCaseCount = templates.length;

/** Every case, for one caller. `smuggledOf` makes the request that nobody has sent, with a number of its own for each case. */
export function rawCases(
  setting: Omit<CaseSetting, 'smuggled'>,
  smuggledOf: (number: number) => string,
): readonly RawCase[] {
  return templates.map(([name, template], number) => ({
    name,
    bytes: template({ ...setting, smuggled: smuggledOf(number) }),
  }));
}
