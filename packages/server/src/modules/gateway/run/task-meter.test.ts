/** Guarantee: seconds are those that the agent worked by the platform's clock, each once, whichever runs work on the task. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamResponse, TaskState } from '@colloquy/protocol';
import { FakeClock } from '@colloquy/testkit';
import { isPrice, parsePrice, priceTask, usageUri } from '../../prices/index.ts';
import type { TaskUsage } from '../../prices/index.ts';
import { LoggedUsage, TaskMeter } from './task-meter.ts';

const price = parsePrice({ perSecond: 1, perUnit: { tokens: 1 }, estimate: { units: { tokens: 0 } } });
const nothing: TaskUsage = { report: null, workedMs: 0 };

function status(state: TaskState, atMs: number, tokens?: unknown): StreamResponse {
  const metadata = tokens === undefined ? {} : { metadata: { [usageUri]: { units: { tokens: tokens as number } } } };
  const timestamp = new Date(atMs).toISOString();
  return { statusUpdate: { taskId: 't', contextId: 'c', status: { state, timestamp }, ...metadata } };
}

function meterOf(before: TaskUsage = nothing) {
  assert.ok(isPrice(price));
  const clock = new FakeClock(0);
  let malformed = 0;
  const task = priceTask({ price, source: { kind: 'registration' } }, { parts: [] }, 1_000_000n);
  const meter = new TaskMeter(task, before, { clock, reportMalformedUsage: () => (malformed += 1) });
  return { clock, meter, malformed: () => malformed };
}

describe('the meter of a task', () => {
  it('measures from the call to the end, and not the time until the end is written', async () => {
    const { clock, meter } = meterOf();
    await clock.advance(1_500);
    meter.hear(status('TASK_STATE_COMPLETED', 0));
    await clock.advance(60_000);
    assert.equal(meter.microcredits, 1_500_000n);
  });

  it('goes on where the log of an earlier run ends', async () => {
    const { clock, meter } = meterOf({ report: null, workedMs: 2_250 });
    await clock.advance(1_000);
    assert.equal(meter.microcredits, 3_250_000n);
  });

  it('takes the newest report that can be read', () => {
    const { meter, malformed } = meterOf();
    meter.hear(status('TASK_STATE_WORKING', 0, 7));
    meter.hear(status('TASK_STATE_WORKING', 0, 5));
    meter.hear(status('TASK_STATE_COMPLETED', 0, 'many'));
    assert.equal(meter.microcredits, 5_000_000n);
    assert.equal(malformed(), 1);
  });
});

describe('the usage in a log', () => {
  it('is the time in the state working, without that for which the task waited for its caller', () => {
    const usage = new LoggedUsage();
    usage.add(status('TASK_STATE_WORKING', 1_000));
    usage.add(status('TASK_STATE_WORKING', 1_200, 4));
    usage.add(status('TASK_STATE_INPUT_REQUIRED', 2_000));
    assert.equal(usage.until(90_000).workedMs, 1_000);
    usage.add(status('TASK_STATE_WORKING', 100_000));
    assert.equal(usage.until(100_500).workedMs, 1_500);
    assert.equal(usage.until(null).workedMs, 1_000);
    assert.deepEqual(usage.until(null).report?.units, new Map([['tokens', 4_000_000n]]));
  });

  it('is nothing for the agent that takes the work over', () => {
    const usage = new LoggedUsage();
    usage.add(status('TASK_STATE_WORKING', 1_000, 4));
    usage.forget();
    usage.add(status('TASK_STATE_WORKING', 5_000));
    assert.deepEqual(usage.until(6_000), { report: null, workedMs: 1_000 });
  });
});
