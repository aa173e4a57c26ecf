/** Guarantee: the search for foreign words finds each of them, wherever it stands and however it is written. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markerOf, markersIn } from './marker.ts';

describe('markers of tenants', () => {
  it('are one for each tenant', () => {
    assert.equal(new Set(Array.from({ length: 100 }, (_, at) => markerOf(at))).size, 100);
  });

  it('are seen within words, more than once, and in capitals', () => {
    const [first, second] = [markerOf(0), markerOf(30)];
    const text = `{"a":"x${first}y ${first}","b":"${second.toUpperCase()}"}`;
    assert.deepEqual(markersIn(text), new Set([first, second]));
  });

  it('are not seen where there are none', () => {
    assert.equal(markersIn('{"a":"qzx","b":"xzq qzxaxzq"}').size, 0);
  });
});
