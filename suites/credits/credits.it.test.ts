/**
 * Guarantee: whatever 16 workers over 3 processes do to credits at once, the ledger has exactly the entries that a model says, and the accounts are
 * balanced at every moment between. Spec: docs/specs/credits.md.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { creditPlans } from './plan.ts';
import { creditBarsOf } from './report.ts';
import { proveCredits } from './run.ts';

describe('credits under random concurrent operations', () => {
  it('CREDIT-60 are what a model says, to the unit, after every thousandth operation and at the end', async () => {
    const plan = creditPlans.quick;
    const report = await proveCredits(plan, 1, () => undefined);
    assert.deepEqual(report.faults, [], `seed ${report.seed}`);
    assert.deepEqual(
      creditBarsOf(report, plan).filter(({ held }) => !held),
      [],
    );
  });
});
