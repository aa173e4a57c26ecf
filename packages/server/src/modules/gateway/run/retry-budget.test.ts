/** Guarantee: what is said again is at most a tenth of what was said, beside a small saving. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../kernel/limits.ts';
import { RetryBudget } from './retry-budget.ts';

const agentId = `agt_${'1'.repeat(32)}` as const;
const otherId = `agt_${'2'.repeat(32)}` as const;

describe('a budget of retries', () => {
  it('bounds them by a tenth of the calls however many fail, also after a long peace', () => {
    const budget = new RetryBudget();
    let retries = 0;
    for (let call = 0; call < 10_000; call += 1) {
      budget.earn(agentId);
      while (budget.spend(agentId)) retries += 1;
    }
    assert.ok(retries <= 10_000 * limits.retryShare + limits.retriesAtFirst, String(retries));
    assert.ok(retries >= 10_000 * limits.retryShare - 1, String(retries));
    for (let call = 0; call < 100_000; call += 1) budget.earn(agentId);
    let saved = 0;
    while (budget.spend(agentId)) saved += 1;
    assert.ok(saved <= limits.retriesSavedMax + 1, String(saved));
  });

  it('is one of each agent', () => {
    const budget = new RetryBudget();
    while (budget.spend(agentId));
    assert.equal(budget.spend(otherId), true);
    assert.equal(budget.spend(agentId), false);
  });
});
