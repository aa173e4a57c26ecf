/** Guarantee: requests and errors of ACP-Connect have the members of its schema, and bad input is refused by field. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { defaultDecodeLimits as limits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import * as codec from './index.ts';

const refuses = (decode: () => unknown, field: string): void =>
  assert.throws(decode, (error) => error instanceof DecodeError && error.violations[0]?.field === field);

describe('a request of ACP-Connect', () => {
  it('is read without its unknown members', () => {
    assert.deepEqual(
      codec.decodeInvokeRequest({ input: { name: 'Ada' }, config_id: 'cfg_0a1b2c3d', other: 1 }, limits),
      { input: { name: 'Ada' }, configId: 'cfg_0a1b2c3d', config: undefined, stream: false, metadata: undefined },
    );
    assert.deepEqual(codec.decodeConfigRequest({ config: { language: 'es' }, other: 1 }, limits), {
      config: { language: 'es' },
      metadata: undefined,
    });
  });

  it('is refused by the field that breaks a rule', () => {
    refuses(() => codec.decodeInvokeRequest([], limits), '');
    refuses(() => codec.decodeInvokeRequest({}, limits), 'input');
    refuses(() => codec.decodeInvokeRequest({ input: 'Ada' }, limits), 'input');
    refuses(() => codec.decodeInvokeRequest({ input: {}, config_id: 5 }, limits), 'config_id');
    refuses(() => codec.decodeInvokeRequest({ input: {}, stream: 'yes' }, limits), 'stream');
    refuses(() => codec.decodeConfigRequest({ config: [] }, limits), 'config');
  });

  it('is read or refused with a DecodeError, whatever it holds', () => {
    const member = fc.jsonValue();
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ input: member, config: member, config_id: member, stream: member, metadata: member }),
    );
    fc.assert(
      fc.property(body, (value) => {
        for (const decode of [codec.decodeInvokeRequest, codec.decodeConfigRequest]) {
          try {
            decode(value, limits);
          } catch (error) {
            assert.ok(error instanceof DecodeError);
          }
        }
      }),
    );
  });
});

describe('an error of ACP-Connect', () => {
  it('is written with code, message, details and time', () => {
    const timestamp = '2026-11-21T09:00:00Z';
    const message = 'No configuration with that id';
    assert.equal(
      codec.encodeError({ code: 'CONFIG_NOT_FOUND', message, details: { config_id: 'cfg_x' }, timestamp }),
      `{"error":{"code":"CONFIG_NOT_FOUND","message":"${message}","details":{"config_id":"cfg_x"},"timestamp":"${timestamp}"}}`,
    );
    assert.deepEqual(codec.invalidInputDetails([{ field: 'input', description: 'is required' }]), {
      errors: [{ field: 'input', message: 'is required' }],
    });
  });

  it('is read in five shapes', () => {
    const shapes = [
      { error: 'text', code: '404', details: null },
      { detail: 'text' },
      { detail: [{ type: 'missing', loc: ['body'], msg: 'text' }] },
      { error: { code: 'TIMEOUT', message: 'text' } },
      { error: { type: 'x', message: 'text', status_code: 500 } },
    ];
    for (const shape of shapes) assert.equal(codec.errorMessageOf(shape), 'text');
    assert.equal(codec.errorMessageOf({ detail: [{ msg: 'a' }, 5, { msg: 'b' }] }), 'a; b');
    assert.equal(codec.errorMessageOf([]), undefined);
  });
});
