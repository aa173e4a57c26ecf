/** Guarantee: no subject has more than the limits above it, in whatever order they were set; an agent's card is above its tenant's settings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardLimitProblem, limitsExtensionUri } from './card-limit.ts';
import { TenantLimits } from './known-limits.ts';
import type { LimitSubject, LimitSettings, SetLimit } from './rate-limit.ts';

const byDefault = { perSecond: 100, burst: 200 };
const defaults = { tenant: byDefault, client: byDefault, agent: byDefault };
const set = (kind: LimitSubject['kind'], id: string, settings: Partial<LimitSettings>): SetLimit => ({
  subject: { kind, id },
  requestsPerSecond: null,
  burstRequests: null,
  sendsPerDay: null,
  sendsPerMonth: null,
  ...settings,
  changedBy: 'cli_x',
  changedAt: new Date(0),
});
const rateOf = ({ perSecond, burst }: { perSecond: number; burst: number }) => [perSecond, burst];

describe('an effective limit', () => {
  it('is the default for tenants, clients and agents without a limit of their own', () => {
    const limits = new TenantLimits(defaults, []);
    assert.deepEqual(rateOf(limits.tenant), [100, 200]);
    assert.deepEqual(rateOf(limits.client('cli_a')), [100, 200]);
    assert.deepEqual(rateOf(limits.agent('echo', null)), [100, 200]);
  });

  it("is never above the tenant's, also when that is lowered later, and rises with it", () => {
    const client = set('client', 'cli_a', { requestsPerSecond: 80, burstRequests: 150 });
    const lowered = new TenantLimits(defaults, [client, set('tenant', '', { requestsPerSecond: 10 })]);
    assert.deepEqual(rateOf(lowered.client('cli_a')), [10, 10]);
    assert.deepEqual(rateOf(lowered.client('cli_b')), [10, 10]);
    const raised = new TenantLimits(defaults, [client, set('tenant', '', { requestsPerSecond: 1_000 })]);
    assert.deepEqual(rateOf(raised.client('cli_a')), [80, 150]);
    assert.deepEqual(rateOf(raised.client('cli_b')), [1_000, 1_000]);
  });

  it('of an agent is that of its card, and its tenant can only set less', () => {
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
  it('with limits that are no valid numbers is refused', () => {
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
