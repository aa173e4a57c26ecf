/** Guarantee: every MUST and SHOULD of A2A 1.0.1 that can be judged quickly holds over every binding, and no failure is excused that is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { knownFailures } from './known-failures.ts';
import { requirements } from './requirements.ts';
import { judge } from './run/judge.ts';
import { linesOf } from './run/report.ts';
import { runScenarios } from './run/run-scenarios.ts';
import { openStage } from './run/stage.ts';
import { scenarios } from './scenarios/index.ts';

describe('the gateway in front of an agent', () => {
  it('does what A2A 1.0.1 demands, over every binding', async (test) => {
    // The official SDK tells here of every signature that does not hold, as some are not to.
    test.mock.method(console, 'debug', () => {});
    await using stage = await openStage();
    const quick = scenarios.filter(({ isSlow }) => !isSlow);
    const outcomes = await runScenarios({ stage, scenarios: quick, onOutcome: () => {} });
    const judgement = judge(requirements, outcomes, knownFailures);
    const wrong = linesOf({ ...judgement, rows: [] }).join('\n');
    assert.deepEqual([judgement.failures.length, judgement.stale.length], [0, 0], wrong);
    assert.ok(outcomes.length >= 190, `${String(outcomes.length)} outcomes`);
  });
});
