/** Guarantee: no caller is served under a version he did not mean, and media types are read as A2A 1.0.1 says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { answerContentType, isJsonContentType, negotiateVersion, parseExtensions } from './index.ts';

describe('A2A-Version', () => {
  const supported: readonly (readonly [string | undefined, string | undefined])[] = [
    ['1.0', undefined],
    ['1.0.1', undefined],
    [' 1.0 ', undefined],
    [undefined, '1.0'],
    ['', '1.0.0'],
    ['1.0', '99.0'],
  ];
  for (const [header, query] of supported) {
    it(`serves 1.0 for header ${JSON.stringify(header)} and query ${JSON.stringify(query)}`, () => {
      assert.deepEqual(negotiateVersion(header, query), { kind: 'supported', version: '1.0' });
    });
  }

  const unsupported: readonly (readonly [string | undefined, string])[] = [
    [undefined, '0.3'],
    ['', '0.3'],
    ['0.3', '0.3'],
    ['99.0', '99.0'],
    ['1.1', '1.1'],
    ['1', '1'],
    ['01.0', '01.0'],
    ['1.0, 0.3', '1.0, 0.3'],
    ['1.0.1.1', '1.0.1.1'],
    ['v1.0', 'v1.0'],
    ['1.0\u0000', '1.0?'],
    ['x'.repeat(500), 'x'.repeat(32)],
  ];
  for (const [header, requested] of unsupported) {
    it(`refuses header ${JSON.stringify(header)?.slice(0, 40)}`, () => {
      assert.deepEqual(negotiateVersion(header), { kind: 'not-supported', requested, supported: ['1.0'] });
    });
  }

  it('shows only short printable text of any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        const outcome = negotiateVersion(header);
        if (outcome.kind === 'not-supported') assert.match(outcome.requested, /^[\x20-\x7e]{1,32}$/);
        else assert.match(header.trim(), /^1\.0(\.\d+)?$/);
      }),
    );
  });
});

describe('A2A-Extensions', () => {
  it('lists each URI once, in order, within bounds', () => {
    assert.deepEqual(parseExtensions(undefined), []);
    assert.deepEqual(parseExtensions(' urn:a ,urn:b,,urn:a, '), ['urn:a', 'urn:b']);
    assert.equal(parseExtensions(Array.from({ length: 100 }, (_, index) => `urn:${index}`).join(',')).length, 32);
    assert.deepEqual(parseExtensions(`urn:${'x'.repeat(2_000)},urn:b`), ['urn:b']);
  });
});

describe('media types', () => {
  it('accept JSON in UTF-8 and nothing else', () => {
    for (const type of [
      'application/json',
      'application/a2a+json',
      'Application/JSON; Charset=UTF-8',
      'application/json;charset="utf-8"',
    ]) {
      assert.equal(isJsonContentType(type), true, type);
    }
    for (const type of [
      undefined,
      '',
      'text/plain',
      'application/jsonp',
      'application/json, text/plain',
      'application/json; charset=utf-16',
      'application/x-ndjson',
    ]) {
      assert.equal(isJsonContentType(type), false, String(type));
    }
  });

  it('answer in the type the request names', () => {
    assert.equal(answerContentType({}), 'application/json');
    assert.equal(answerContentType({ contentType: 'application/json', accept: '*/*' }), 'application/json');
    assert.equal(answerContentType({ contentType: 'application/a2a+json' }), 'application/a2a+json');
    assert.equal(answerContentType({ accept: 'text/html, application/A2A+json;q=0.9' }), 'application/a2a+json');
  });
});
