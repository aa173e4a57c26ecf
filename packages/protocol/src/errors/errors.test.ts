/** Guarantee: every error has one number, status and reason on each binding, as A2A 1.0.1 section 5.4 fixes them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  a2aDefinedErrors,
  DecodeError,
  errorTable,
  jsonRpcDefinedErrors,
  jsonRpcErrorBody,
  parseJsonRpcError,
  parseRestError,
  restErrorBody,
  transportErrors,
} from './index.ts';

const pinned = `
TaskNotFoundError                   -32001 404 200 NOT_FOUND           TASK_NOT_FOUND
TaskNotCancelableError              -32002 400 200 FAILED_PRECONDITION TASK_NOT_CANCELABLE
PushNotificationNotSupportedError   -32003 400 200 FAILED_PRECONDITION PUSH_NOTIFICATION_NOT_SUPPORTED
UnsupportedOperationError           -32004 400 200 FAILED_PRECONDITION UNSUPPORTED_OPERATION
ContentTypeNotSupportedError        -32005 400 200 INVALID_ARGUMENT    CONTENT_TYPE_NOT_SUPPORTED
InvalidAgentResponseError           -32006 500 200 INTERNAL            INVALID_AGENT_RESPONSE
ExtendedAgentCardNotConfiguredError -32007 400 200 FAILED_PRECONDITION EXTENDED_AGENT_CARD_NOT_CONFIGURED
ExtensionSupportRequiredError       -32008 400 200 FAILED_PRECONDITION EXTENSION_SUPPORT_REQUIRED
VersionNotSupportedError            -32009 400 200 FAILED_PRECONDITION VERSION_NOT_SUPPORTED
ParseError                          -32700 400 200 INVALID_ARGUMENT    -
InvalidRequestError                 -32600 400 200 INVALID_ARGUMENT    -
MethodNotFoundError                 -32601 404 200 UNIMPLEMENTED       -
InvalidParamsError                  -32602 400 200 INVALID_ARGUMENT    -
InternalError                       -32603 500 200 INTERNAL            -
UnauthenticatedError                -32000 401 401 UNAUTHENTICATED     -
PaymentRequiredError                -32000 402 200 FAILED_PRECONDITION -
PermissionDeniedError               -32000 403 403 PERMISSION_DENIED   -
NotFoundError                       -32000 404 404 NOT_FOUND           -
MethodNotAllowedError               -32000 405 405 UNIMPLEMENTED       -
ConflictError                       -32000 409 200 ALREADY_EXISTS      -
FailedPreconditionError             -32000 400 200 FAILED_PRECONDITION -
ContentTooLargeError                -32000 413 413 RESOURCE_EXHAUSTED  -
RateLimitedError                    -32000 429 429 RESOURCE_EXHAUSTED  -
CanceledError                       -32000 499 200 CANCELLED           -
UpstreamFailedError                 -32000 502 200 UNKNOWN             -
UnavailableError                    -32000 503 503 UNAVAILABLE         -
UpstreamTimeoutError                -32000 504 200 DEADLINE_EXCEEDED   -
`;

const names = [...a2aDefinedErrors, ...jsonRpcDefinedErrors, ...transportErrors];

describe('the error table', () => {
  it('is exactly the pinned one', () => {
    const rows = Object.entries(errorTable).map(([name, row]) =>
      [name, row.jsonRpcCode, row.httpStatus, row.jsonRpcHttpStatus, row.grpcStatus, row.reason ?? '-'].join(' '),
    );
    assert.deepEqual(
      rows,
      pinned
        .trim()
        .split('\n')
        .map((line) => line.replaceAll(/ +/g, ' ')),
    );
    assert.deepEqual(Object.keys(errorTable), names);
  });
});

describe('error bodies', () => {
  it('carry ErrorInfo in the A2A domain for the nine A2A errors and for no other', () => {
    for (const name of names) {
      const { data = [] } = jsonRpcErrorBody({ name, message: 'm', metadata: { taskId: 't' } });
      const { details = [] } = restErrorBody({ name, message: 'm', metadata: { taskId: 't' } }).error;
      const { reason } = errorTable[name];
      const expected = {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason,
        domain: 'a2a-protocol.org',
        metadata: { taskId: 't' },
      };
      assert.deepEqual(data, reason === undefined ? [] : [expected]);
      assert.deepEqual(details, data);
    }
  });

  it('carry violations, the platform cause and the retry delay after it', () => {
    const body = restErrorBody({
      name: 'TaskNotFoundError',
      message: 'm',
      violations: [{ field: 'id', description: 'is unknown' }],
      info: { reason: 'tasks.unknown', domain: 'example.org' },
      retryAfterMs: 1_500,
    });
    assert.deepEqual(body, {
      error: {
        code: 404,
        status: 'NOT_FOUND',
        message: 'm',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' },
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'tasks.unknown', domain: 'example.org' },
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'id', description: 'is unknown' }],
          },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.500s' },
        ],
      },
    });
  });

  it('have no details key when there is nothing to say', () => {
    assert.deepEqual(jsonRpcErrorBody({ name: 'ParseError', message: 'm' }), { code: -32700, message: 'm' });
  });
});

describe('errors of other parties', () => {
  it('come back under the same name from both bindings', () => {
    for (const name of a2aDefinedErrors) {
      const error = { name, message: 'why' };
      assert.equal(parseJsonRpcError(jsonRpcErrorBody(error)).name, name);
      assert.equal(parseRestError(restErrorBody(error), errorTable[name].httpStatus).name, name);
      assert.equal(parseJsonRpcError({ code: errorTable[name].jsonRpcCode, message: 'bare' }).name, name);
    }
  });

  it('are named by reason before number, in the A2A domain only', () => {
    const info = { '@type': 'x', reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' };
    assert.equal(parseJsonRpcError({ code: -32603, message: '', data: [info] }).name, 'TaskNotFoundError');
    assert.equal(parseRestError({ error: { details: [info] } }, 500).name, 'TaskNotFoundError');
    const foreign = parseJsonRpcError({ code: -32603, message: '', data: [{ ...info, domain: 'example.org' }] });
    assert.deepEqual(foreign, { name: 'InternalError', message: '', reason: 'TASK_NOT_FOUND', code: -32603 });
  });

  it('are bounded and storable whatever they hold', () => {
    const { message } = parseJsonRpcError({ code: 1, message: `${'x'.repeat(1_999)}😀\0` });
    assert.equal(message.length, 2_000);
    assert.ok(message.isWellFormed());
    assert.equal(parseJsonRpcError({ code: 1, message: 'a\0b' }).message, 'a\uFFFDb');
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(fc.anything(), fc.integer(), (value, status) => {
        for (const error of [
          parseJsonRpcError(value),
          parseRestError(value, status),
          parseRestError({ error: value }, status),
        ]) {
          assert.ok(names.includes(error.name));
          assert.ok(error.message.length <= 2_000 && (error.reason ?? '').length <= 128);
        }
      }),
    );
  });
});

describe('DecodeError', () => {
  it('says every violation in its message', () => {
    const error = new DecodeError([
      { field: 'message.parts', description: 'must have one element at least' },
      { field: '', description: 'must be an object' },
    ]);
    assert.equal(error.message, 'message.parts: must have one element at least; must be an object');
    assert.equal(error.name, 'DecodeError');
  });
});
