/** Guarantee: a key that is repeated within a short time is recognized, in bounded memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { AskedLately } from './asked-lately.ts';

const bounds = { windowMs: 1_000, keysMax: 3 };

describe('recent keys', () => {
  it('are known for one to two windows after their last use', async () => {
    const clock = new FakeClock();
    const asked = new AskedLately(clock, bounds);
    assert.equal(asked.note('a'), false);
    assert.equal(asked.note('b'), false);
    await clock.advance(bounds.windowMs);
    assert.equal(asked.note('a'), true);
    await clock.advance(bounds.windowMs);
    assert.equal(asked.note('a'), true);
    assert.equal(asked.note('b'), false);
    await clock.advance(2 * bounds.windowMs);
    assert.equal(asked.note('a'), false, 'a pause of two windows forgets every key');
  });

  it('are forgotten after twice as many other keys as a window holds', () => {
    const asked = new AskedLately(new FakeClock(), bounds);
    for (const key of ['a', 'b', 'c', 'd']) asked.note(key);
    assert.equal(asked.note('a'), true);
    for (const key of ['e', 'f', 'g', 'h', 'i', 'j']) assert.equal(asked.note(key), false);
    assert.equal(asked.note('b'), false);
  });
});
