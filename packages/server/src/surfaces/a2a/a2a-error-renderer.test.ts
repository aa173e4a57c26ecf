/**
 * Guarantee: the numbers, statuses and reasons that callers key on never change by accident, on either binding, and a failure
 * inside the platform shows nothing of the inside.
 */
import assert from 'node:assert/strict';
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

/** Literals: a change here is a change for every caller. */
const pins: Readonly<Record<ErrorCode, Pin>> = {
  'request.invalid': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'request.too-large': [-32000, 413, 413, 'RESOURCE_EXHAUSTED', null],
  'request.unsupported-media-type': [-32005, 200, 400, 'INVALID_ARGUMENT', 'CONTENT_TYPE_NOT_SUPPORTED'],
  'request.rate-limited': [-32000, 429, 429, 'RESOURCE_EXHAUSTED', null],
  'request.foreign-host': [-32000, 403, 403, 'PERMISSION_DENIED', null],
  'limits.quota-used': [-32000, 429, 429, 'RESOURCE_EXHAUSTED', null],
  'results.terms-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'results.too-many': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'sla.objective-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'sla.tier-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'sla.too-many': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'limits.unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'limits.too-many': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'request.unknown-address': [-32601, 200, 404, 'UNIMPLEMENTED', null],
  'request.canceled': [-32000, 200, 499, 'CANCELLED', null],
  'access.unauthenticated': [-32000, 401, 401, 'UNAUTHENTICATED', null],
  'access.proof-invalid': [-32000, 401, 401, 'UNAUTHENTICATED', null],
  'access.proof-nonce-needed': [-32000, 401, 401, 'UNAUTHENTICATED', null],
  'access.scope-missing': [-32000, 403, 403, 'PERMISSION_DENIED', null],
  'access.client-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'access.client-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.client-secret-limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.client-secret-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.client-has-no-secret': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.authority-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'access.authority-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.authority-limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.key-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.key-rotating': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'access.api-key-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.api-key-limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.issuer-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.issuer-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'access.issuer-limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.issuer-unreachable': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'people.person-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'people.person-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.grant-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'access.grant-limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.keys-elsewhere': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'access.stop-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'tenancy.tenant-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'tenancy.tenant-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'registry.agent-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'registry.agent-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'registry.card-invalid': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'registry.card-signature-invalid': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'registry.card-signature-required': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'registry.card-version-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'registry.card-version-settled': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'registry.card-version-unused': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'registry.card-changed': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'registry.credential-bound': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'trust.card-key-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'trust.card-key-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'trust.card-key-limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'registry.card-unreachable': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'registry.endpoint-plain': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'registry.endpoint-unreachable': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'upstream.circuit-open': [-32000, 503, 503, 'UNAVAILABLE', null],
  'upstream.saturated': [-32000, 503, 503, 'UNAVAILABLE', null],
  'upstream.queue-too-old': [-32000, 503, 503, 'UNAVAILABLE', null],
  'upstream.task-failed': [-32000, 200, 502, 'UNKNOWN', null],
  'resilience.unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'task.dead-letter-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'task.not-replayable': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'task.skill-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'resilience.skill-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'upstream.key-refused': [-32000, 200, 502, 'UNKNOWN', null],
  'registry.instance-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'registry.instance-exists': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'registry.instance-quarantined': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'registry.instances-too-many': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'router.nothing-fits': [-32000, 404, 404, 'NOT_FOUND', null],
  'router.chooser-failed': [-32000, 200, 502, 'UNKNOWN', null],
  'routing.no-instance': [-32000, 503, 503, 'UNAVAILABLE', null],
  'registry.interface-unsupported': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'egress.refused': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'credits.insufficient': [-32000, 200, 402, 'FAILED_PRECONDITION', null],
  'credits.amount-invalid': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'credits.grant-conflict': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'task.unknown': [-32001, 200, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
  'task.not-cancelable': [-32002, 200, 400, 'FAILED_PRECONDITION', 'TASK_NOT_CANCELABLE'],
  'task.push-unsupported': [-32003, 200, 400, 'FAILED_PRECONDITION', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  'push.config-unknown': [-32001, 200, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
  'push.limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'delivery.unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'delivery.pending': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'task.ended': [-32004, 200, 400, 'FAILED_PRECONDITION', 'UNSUPPORTED_OPERATION'],
  'task.media-type-unsupported': [-32005, 200, 400, 'INVALID_ARGUMENT', 'CONTENT_TYPE_NOT_SUPPORTED'],
  'task.extension-required': [-32008, 200, 400, 'FAILED_PRECONDITION', 'EXTENSION_SUPPORT_REQUIRED'],
  'task.busy': [-32004, 200, 400, 'FAILED_PRECONDITION', 'UNSUPPORTED_OPERATION'],
  'task.deadline-passed': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'task.expired': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'task.given-up': [-32603, 200, 500, 'INTERNAL', null],
  'task.context-mismatch': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'task.idempotency-conflict': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'delegation.invalid': [-32000, 403, 403, 'PERMISSION_DENIED', null],
  'delegation.loop': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'delegation.too-deep': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'delegation.budget-used': [-32000, 200, 402, 'FAILED_PRECONDITION', null],
  'task.page-token-invalid': [-32602, 200, 400, 'INVALID_ARGUMENT', null],
  'stream.too-slow': [-32000, 503, 503, 'UNAVAILABLE', null],
  'stream.token-expired': [-32000, 401, 401, 'UNAUTHENTICATED', null],
  'stream.limit': [-32000, 429, 429, 'RESOURCE_EXHAUSTED', null],
  'upstream.unreachable': [-32000, 200, 502, 'UNKNOWN', null],
  'upstream.refused': [-32000, 200, 502, 'UNKNOWN', null],
  'upstream.invalid-answer': [-32006, 200, 500, 'INTERNAL', 'INVALID_AGENT_RESPONSE'],
  'upstream.too-large': [-32000, 200, 502, 'UNKNOWN', null],
  'upstream.timeout': [-32000, 200, 504, 'DEADLINE_EXCEEDED', null],
  'upstream.outcome-unknown': [-32000, 200, 502, 'UNKNOWN', null],
  'platform.unavailable': [-32000, 503, 503, 'UNAVAILABLE', null],
  'platform.overloaded': [-32000, 503, 503, 'UNAVAILABLE', null],
  'internal.unexpected': [-32603, 200, 500, 'INTERNAL', null],
  'egress.limit': [-32000, 200, 400, 'FAILED_PRECONDITION', null],
  'egress.allowance-unknown': [-32000, 404, 404, 'NOT_FOUND', null],
  'secret.rotation-pending': [-32000, 200, 409, 'ALREADY_EXISTS', null],
  'secret.unreadable': [-32603, 200, 500, 'INTERNAL', null],
};

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

  it('is pinned here', () => {
    assert.deepEqual(Object.keys(pins).sort(), Object.keys(errorCatalog).sort());
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
