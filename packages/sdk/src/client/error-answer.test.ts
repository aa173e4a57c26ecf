/** Guarantee: an error of the platform arrives as what it was, also one that this SDK is too old to know. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { jsonRpcErrorBody } from '@colloquy/protocol/errors';
import { jsonRpcFailure, problemFailure } from './error-answer.ts';
import { platformErrors } from './error-codes.ts';

const origin = { status: 200, requestId: 'req_1', retryAfter: null };
const ours = (reason: string, metadata: Record<string, string> = {}) => ({ domain: 'colloquy', reason, metadata });

describe('errors of the platform', () => {
  it('keep code, kind, facts and request id over JSON-RPC', () => {
    const info = ours('credits.insufficient', { availableMicrocredits: '5' });
    const body = jsonRpcErrorBody({ name: 'PaymentRequiredError', message: 'Too few credits.', info });
    const error = jsonRpcFailure(body, origin);
    assert.equal(error.code, 'credits.insufficient');
    assert.equal(error.kind, 'payment-required');
    assert.equal(error.message, 'Too few credits.');
    assert.equal(error.requestId, 'req_1');
    assert.deepEqual(error.details, { availableMicrocredits: '5' });
    assert.deepEqual(error.retry, { kind: 'never' });
  });

  it('keep the platform code beside the reason of the protocol', () => {
    const body = jsonRpcErrorBody({ name: 'TaskNotFoundError', message: 'None.', info: ours('task.unknown') });
    const error = jsonRpcFailure(body, origin);
    assert.equal(error.code, 'task.unknown');
    assert.equal(error.kind, 'not-found');
  });

  it('keep the violations and the time to wait', () => {
    const violations = [{ field: 'message.parts', description: 'must not be empty' }];
    const invalid = jsonRpcFailure(
      jsonRpcErrorBody({ name: 'InvalidParamsError', message: 'No.', violations }),
      origin,
    );
    assert.deepEqual(invalid.violations, violations);
    const info = ours('platform.overloaded');
    const busy = { name: 'UnavailableError', message: 'Busy.', info, retryAfterMs: 1_500 } as const;
    assert.deepEqual(jsonRpcFailure(jsonRpcErrorBody(busy), { ...origin, status: 503 }).retry, {
      kind: 'after',
      retryAfterMs: 1_500,
    });
  });

  it('keep a code that is newer than this SDK, with the kind that the status tells', () => {
    const body = jsonRpcErrorBody({ name: 'UnavailableError', message: 'Soon.', info: ours('orbit.decayed') });
    const error = jsonRpcFailure(body, { ...origin, status: 503 });
    assert.equal(error.code, 'orbit.decayed');
    assert.equal(error.kind, 'unavailable');
    const problem = problemFailure({ code: 'orbit.decayed', detail: 'Soon.' }, { ...origin, status: 409 });
    assert.equal(problem.code, 'orbit.decayed');
    assert.equal(problem.kind, 'conflict');
  });

  it('keep code, fields and request id of a problem document', () => {
    const violations = [{ field: 'slug', description: 'must be lower case' }];
    const body = { code: 'request.invalid', title: 'T', detail: 'D', requestId: 'req_2', violations };
    const error = problemFailure(body, { ...origin, status: 400 });
    assert.equal(error.code, 'request.invalid');
    assert.equal(error.message, 'D');
    assert.equal(error.requestId, 'req_2');
    assert.deepEqual(error.violations, violations);
  });

  it('are told apart from what a proxy in between answers', () => {
    const error = problemFailure(undefined, { ...origin, status: 503, retryAfter: '3' });
    assert.equal(error.code, 'sdk.refused');
    assert.equal(error.kind, 'unavailable');
    assert.deepEqual(error.retry, { kind: 'after', retryAfterMs: 3_000 });
  });

  it('are all known to this SDK, with their kind and whether to try again', () => {
    const folder = new URL('../../../server/src/kernel/declarations/', import.meta.url);
    const catalog = readdirSync(folder)
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('');
    const retryOf = new Map([
      ['never', 'never'],
      ['same', 'same-request'],
      ['{', 'after'],
    ]);
    const rows = catalog.matchAll(/'([a-z.-]+)': entry\(\s*'([a-z-]+)',\s*'[a-z-]+',\s*(never|same|\{)/g);
    const known = Object.fromEntries(
      Array.from(rows, ([, code = '', kind = '', retry = '']) => [code, { kind, retry: retryOf.get(retry) }]),
    );
    assert.ok(Object.keys(known).length > 30);
    assert.deepEqual(platformErrors, known);
  });
});
