/** Guarantee (T31): a client that only holds connections, slowly or silently, delays no client that sends requests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slowSockets } from './slow-sockets.ts';

describe('slow sockets', () => {
  it('leave a good client its answers in time', async () => {
    const { counts, violations } = await slowSockets({ quick: true, seed: 1 });
    assert.deepEqual(violations, []);
    assert.ok((counts['goodMessages'] ?? 0) > 10, JSON.stringify(counts));
  });
});
