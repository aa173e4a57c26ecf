/**
 * Guarantee: the numbers, statuses and reasons that callers key on never change by accident, on either binding, and a failure
 * inside the platform shows nothing of the inside.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { errorCatalog } from '../../kernel/error-catalog.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import { renderJsonRpcError, renderRestError } from './a2a-error-renderer.ts';
import type { RenderedError } from './a2a-error-renderer.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import { restV1, rpcV1 } from './wire-v1.ts';

const rpcAnswer = (error: PlatformError, id: string | number | null): RenderedError =>
  renderJsonRpcError(error, { id, requestId: 'req_1' }, rpcV1);
const restAnswer = (error: PlatformError): RenderedError => renderRestError(error, 'req_1', restV1);

type Pin = readonly [
  rpcCode: number,
  rpcStatus: number,
  restStatus: number,
  grpcName: string,
  a2aReason: string | null,
];

/** Each line is what every caller relies on; COLLOQUY_UPDATE_GOLDEN=1 adds the codes that are new. */
const golden = new URL('error-numbers.golden.json', import.meta.url);
const pins = JSON.parse(await readFile(golden, 'utf8')) as Readonly<Partial<Record<ErrorCode, Pin>>>;

function pinOf(code: ErrorCode): Pin {
  const error = new PlatformError(code);
  const [rpc, rest] = [rpcAnswer(error, 1), restAnswer(error)];
  const [rpcError, restError] = [rpcBody(rpc.body).error, restBody(rest.body).error];
  const a2a = rpcError.data.find(({ domain }) => domain === 'a2a-protocol.org');
  return [rpcError.code, rpc.status, rest.status, restError.status, a2a?.reason ?? null];
}

interface Detail {
  readonly reason?: string;
  readonly domain?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
interface RpcBody {
  readonly id: unknown;
  readonly error: { readonly code: number; readonly message: string; readonly data: readonly Detail[] };
}
interface RestBody {
  readonly error: {
    readonly code: number;
    readonly status: string;
    readonly message: string;
    readonly details: readonly Detail[];
  };
}
const rpcBody = (text: string): RpcBody => JSON.parse(text) as RpcBody;
const restBody = (text: string): RestBody => JSON.parse(text) as RestBody;

describe('each code of the catalogue', () => {
  for (const [code, pin] of Object.entries(pins) as [ErrorCode, Pin][]) {
    it(`${code} has its number and its status on each binding`, () => {
      const [rpcCode, rpcStatus, restStatus, grpcName, a2aReason] = pin;
      const error = new PlatformError(code, { details: { fact: 'x' } });
      const rpc = rpcAnswer(error, 'id-1');
      const rest = restAnswer(error);

      const rpcError = rpcBody(rpc.body).error;
      assert.deepEqual([rpcError.code, rpc.status, rest.status], [rpcCode, rpcStatus, restStatus]);
      assert.equal(rpcBody(rpc.body).id, 'id-1');
      const restError = restBody(rest.body).error;
      assert.deepEqual([restError.code, restError.status], [restStatus, grpcName]);
      assert.equal(rpcError.message, errorCatalog[code].sentence);
      assert.equal(restError.message, errorCatalog[code].sentence);
      for (const details of [rpcError.data, restError.details]) {
        const reasons = details.flatMap(({ domain, reason }) => (domain === undefined ? [] : [[domain, reason]]));
        const a2a = a2aReason === null ? [] : [['a2a-protocol.org', a2aReason]];
        assert.deepEqual(reasons, [...a2a, ['colloquy', code]]);
        const ours = details.find(({ domain }) => domain === 'colloquy');
        assert.deepEqual(ours?.metadata, { requestId: 'req_1', fact: 'x' });
      }
    });
  }

  it('is in the golden table', async () => {
    const codes = Object.keys(errorCatalog).toSorted() as ErrorCode[];
    if (process.env['COLLOQUY_UPDATE_GOLDEN'] === '1') {
      const lines = codes.map(
        (code) => `  "${code}": ${JSON.stringify(pins[code] ?? pinOf(code)).replaceAll(',', ', ')}`,
      );
      await writeFile(golden, `{\n${lines.join(',\n')}\n}\n`);
    } else assert.deepEqual(Object.keys(pins).toSorted(), codes);
  });
});

describe('refusals that only the wire knows', () => {
  const refusals = [
    ['ParseError', -32700, 200, 400],
    ['InvalidRequestError', -32600, 200, 400],
    ['VersionNotSupportedError', -32009, 200, 400],
    ['MethodNotFoundError', -32601, 200, 404],
    ['MethodNotAllowedError', -32000, 405, 405],
    ['UnsupportedOperationError', -32004, 200, 400],
  ] as const;
  for (const [name, rpcCode, rpcStatus, restStatus] of refusals) {
    it(`${name} has its number and its status on each binding`, () => {
      const error = new ProtocolRefusal(name, { message: 'No.' });
      const rpc = rpcAnswer(error, null);
      assert.deepEqual([rpcBody(rpc.body).error.code, rpc.status], [rpcCode, rpcStatus]);
      assert.equal(restAnswer(error).status, restStatus);
    });
  }
});

describe('what an error brings besides its body', () => {
  it('is the header fields that HTTP clients obey', () => {
    const headersOf = (code: ErrorCode, details = {}): Readonly<Record<string, string>> =>
      rpcAnswer(new PlatformError(code, { details }), 1).headers;
    assert.deepEqual(headersOf('access.unauthenticated'), { 'WWW-Authenticate': 'Bearer' });
    assert.deepEqual(headersOf('request.rate-limited'), { 'Retry-After': '1' });
    assert.deepEqual(headersOf('platform.unavailable'), { 'Retry-After': '1' });
    assert.deepEqual(headersOf('access.scope-missing', { scope: 'a2a:send' }), {
      'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="a2a:send"',
    });
    assert.deepEqual(headersOf('task.unknown'), {});
  });

  it('is each broken field and the time to wait', () => {
    const violations = [{ field: 'message.parts', description: 'must not be empty' }];
    const invalid = restAnswer(new PlatformError('request.invalid', { violations }));
    assert.deepEqual(restBody(invalid.body).error.details[1], {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: violations,
    });
    const busy = restAnswer(new PlatformError('task.busy'));
    assert.match(busy.body, /"retryDelay":"1.000s"/);
  });
});

describe('a failure of ours', () => {
  it('shows the catalogue and nothing of its cause', () => {
    const inside = 'select secret from colloquy.tasks at /srv/app/query.ts:12 password=hunter2';
    const cause = new Error(inside, { cause: new Error('db-7.internal.example') });
    for (const error of [asPlatformError(cause), new PlatformError('platform.unavailable', { cause })]) {
      for (const { body, headers } of [rpcAnswer(error, 1), restAnswer(error)]) {
        assert.doesNotMatch(body + JSON.stringify(headers), /select|colloquy\.|hunter2|\.ts|internal\.example|stack/);
      }
    }
  });
});
