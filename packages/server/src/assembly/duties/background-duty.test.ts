/** Guarantee: work in the background goes on slice by slice, and leaves time to callers between them where it is told to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { createLogger } from '../../adapters/telemetry/index.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Slices begun within so many milliseconds, of work that never ends. */
async function slicesWithin(ms: number, restMsMin: number): Promise<number> {
  const clock = new FakeClock();
  let slices = 0;
  const run = async (): Promise<boolean> => {
    slices += 1;
    // Without a rest it would go on for ever at one moment of this clock.
    return slices < 100;
  };
  const duty = new BackgroundDuty({
    run,
    everyMs: 1_000_000,
    restMsMin,
    failure: '',
    isWorker: true,
    clock,
    log: createLogger({ level: 'error', destination: { write: () => undefined } }),
  });
  duty.start();
  for (let passedMs = 0; passedMs < ms; passedMs += 10) await clock.advance(10);
  await duty.stop();
  return slices;
}

describe('a duty in the background with more to do', () => {
  it('rests between two slices for as long as it is told to', async () => {
    const slices = await slicesWithin(1_000, 100);
    assert.ok(slices >= 9 && slices <= 11, String(slices));
  });

  it('goes on at once when it is told of no rest', async () => {
    assert.equal(await slicesWithin(1_100, 0), 100);
  });
});
