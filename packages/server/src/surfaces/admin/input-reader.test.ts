/** Guarantee: every schema of the admin API can be read by, though each is compiled only when it is first needed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adminEndpoints, workEndpoints } from './endpoints.ts';
import { bodyReader, queryReader } from './input-reader.ts';

describe('an endpoint of the admin API', () => {
  const all = [...adminEndpoints, ...workEndpoints];
  const wrong = { code: 'request.invalid' };

  it('refuses by its own schemas what they do not name', () => {
    for (const { query, body } of all) {
      assert.throws(() => queryReader(query)({ 'no such name': 'x' }), wrong);
      if (body !== null) assert.throws(() => bodyReader(body)(Buffer.from('[[]]')), wrong);
    }
    assert.ok(all.length > 50);
  });
});
