/** Guarantee: nobody has more than what holds above them, whoever set it and in whatever order; the agent's card is above its tenant's wish. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardLimitProblem, limitsExtensionUri } from './card-limit.ts';
import { TenantLimits } from './known-limits.ts';
import type { LimitSubject, LimitTerms, SetLimit } from './rate-limit.ts';

const byDefault = { perSecond: 100, burst: 200 };
const defaults = { tenant: byDefault, client: byDefault, agent: byDefault };
const set = (kind: LimitSubject['kind'], id: string, terms: Partial<LimitTerms>): SetLimit => ({
  subject: { kind, id },
  requestsPerSecond: null,
  burstRequests: null,
  sendsPerDay: null,
  sendsPerMonth: null,
  ...terms,
  changedBy: 'cli_x',
  changedAt: new Date(0),
});
const rateOf = ({ perSecond, burst }: { perSecond: number; burst: number }) => [perSecond, burst];

describe('what holds', () => {
  it('is the default where nothing was set, for whoever it is', () => {
    const limits = new TenantLimits(defaults, []);
    assert.deepEqual(rateOf(limits.tenant), [100, 200]);
    assert.deepEqual(rateOf(limits.client('cli_a')), [100, 200]);
    assert.deepEqual(rateOf(limits.agent('echo', null)), [100, 200]);
  });

  it('is never above the tenant, also when the tenant was lowered later, and rises with it', () => {
    const client = set('client', 'cli_a', { requestsPerSecond: 80, burstRequests: 150 });
    const lowered = new TenantLimits(defaults, [client, set('tenant', '', { requestsPerSecond: 10 })]);
    assert.deepEqual(rateOf(lowered.client('cli_a')), [10, 10]);
    assert.deepEqual(rateOf(lowered.client('cli_b')), [10, 10]);
    const raised = new TenantLimits(defaults, [client, set('tenant', '', { requestsPerSecond: 1_000 })]);
    assert.deepEqual(rateOf(raised.client('cli_a')), [80, 150]);
    assert.deepEqual(rateOf(raised.client('cli_b')), [1_000, 1_000]);
  });

  it('is for an agent what its card says, and its tenant can only set less', () => {
    const card = { requestsPerSecond: 5, burstRequests: 20 };
    const more = new TenantLimits(defaults, [set('agent', 'echo', { requestsPerSecond: 50, burstRequests: 100 })]);
    assert.deepEqual(rateOf(more.agent('echo', card)), [5, 20]);
    const less = new TenantLimits(defaults, [set('agent', 'echo', { requestsPerSecond: 2 })]);
    assert.deepEqual(rateOf(less.agent('echo', card)), [2, 2]);
    assert.deepEqual(rateOf(less.agent('other', card)), [5, 20]);
    assert.deepEqual(rateOf(less.agent('other', { requestsPerSecond: 5, burstRequests: null })), [5, 5]);
  });
});

describe('a card', () => {
  it('says its limits in numbers that make sense, or not at all', () => {
    const problem = (params: Record<string, unknown>) => cardLimitProblem([{ uri: limitsExtensionUri, params }]);
    for (const good of [{}, { requestsPerSecond: 0.5 }, { burst: 1 }, { requestsPerSecond: 2, burst: 10 }])
      assert.equal(problem(good), null, JSON.stringify(good));
    for (const bad of [
      { requestsPerSecond: 0 },
      { requestsPerSecond: '5' },
      { burst: 1.5 },
      { burst: -1 },
      { burst: 1e9 },
    ])
      assert.match(problem(bad) ?? '', /requestsPerSecond must be a number/, JSON.stringify(bad));
    assert.equal(cardLimitProblem(undefined), null);
    assert.equal(cardLimitProblem([{ uri: 'urn:other', params: { burst: -1 } }]), null);
  });
});
