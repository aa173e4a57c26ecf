/** Guarantee: what is asked again within a short time is known, and what is remembered for it is bounded. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { AskedLately } from './asked-lately.ts';

const bounds = { windowMs: 1_000, keysMax: 3 };

describe('what was asked lately', () => {
  it('is known for one to two turns from when it was asked last', async () => {
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
    assert.equal(asked.note('a'), false, 'whatever was asked before a pause of two turns');
  });

  it('leaves when others have come twice as many as are remembered', () => {
    const asked = new AskedLately(new FakeClock(), bounds);
    for (const key of ['a', 'b', 'c', 'd']) asked.note(key);
    assert.equal(asked.note('a'), true);
    for (const key of ['e', 'f', 'g', 'h', 'i', 'j']) assert.equal(asked.note(key), false);
    assert.equal(asked.note('b'), false);
  });
});
