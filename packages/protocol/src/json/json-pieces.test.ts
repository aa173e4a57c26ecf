/** Guarantee: pieces of a JSON text are the text that JSON.stringify makes, and none is long because the whole is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { jsonPieces } from './json-pieces.ts';

describe('JSON in pieces', () => {
  it('is the text of JSON.stringify, whatever the value and the length of the pieces', () => {
    const text = fc.string({ unit: 'binary' });
    const value = fc.oneof(fc.jsonValue(), text, fc.dictionary(text, fc.option(text, { nil: undefined })));
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 50 }), (one, charsMax) => {
        assert.equal([...jsonPieces(one, charsMax)].join(''), JSON.stringify(one));
      }),
    );
  });

  it('leaves out undefined members, and writes undefined items as null', () => {
    const value = { a: undefined, b: [undefined, 1], c: { d: undefined } };
    assert.equal([...jsonPieces(value, 5)].join(''), JSON.stringify(value));
  });

  it('never cuts a surrogate pair, so that pieces are well-formed UTF-8 each', () => {
    for (const piece of jsonPieces(['😀'.repeat(100)], 7)) assert.ok(piece.isWellFormed(), piece);
  });

  it('keeps to the length for a task that is large by its texts', () => {
    const artifacts = Array.from({ length: 20 }, (_, at) => ({
      artifactId: `${at}`,
      parts: [{ text: 'x'.repeat(9_000) }],
    }));
    for (const piece of jsonPieces({ tasks: [{ id: 'a', artifacts }] }, 1_000)) assert.ok(piece.length < 2_100);
  });
});
