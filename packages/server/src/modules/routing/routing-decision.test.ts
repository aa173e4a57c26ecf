/** Guarantee: a decision names every candidate and its verdict, in bounded size, and is constant when there is no choice. Spec: docs/specs/routing.md. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import type { LiveFacts } from './candidate.ts';
import type { AgentInstance, Route } from './route.ts';
import { InstanceChooser } from './routing-decision.ts';
import { defaultRoutingPolicy } from './routing-policy.ts';
import { seedOf } from './seeded-draw.ts';

const hex = (at: number): string => at.toString(16).padStart(32, '0');
const instance = (at: number, facts: Partial<AgentInstance> = {}): AgentInstance => ({
  instanceId: `ins_${hex(at)}` as const,
  url: 'http://a/',
  wire: '1.0 JSONRPC',
  routingTag: null,
  version: null,
  weight: 100,
  region: null,
  admission: 'active',
  slotsMax: null,
  health: { state: 'healthy', reason: null, sinceMs: 0 },
  ...facts,
});
const routeTo = (instances: readonly AgentInstance[], changes: Partial<Route> = {}) => ({
  ...({
    agentName: 'echo',
    cardVersion: 3,
    priceMicrocredits: 7n,
    tier: 'gold',
    skills: new Map(),
    instances,
    // A decision reads only these parts of a route.
  } as unknown as Route),
  ...changes,
});
const idle: LiveFacts = {
  observations: { of: () => ({ inFlight: 0, latencyMs: 41.7, successRate: 0.98765 }) },
  breakers: { stateOf: () => 'closed', takeProbe: () => true, openForMs: () => 0 },
};
const preference = {
  taskId: `tsk_${hex(7)}` as const,
  skillId: null,
  seed: seedOf('a task'),
  stickyTo: null,
};

describe('a routing decision', () => {
  it('ROUTE-5 is one value for every send to an agent with one instance, and nothing is asked about it', () => {
    const observations = { of: () => assert.fail('no observation is read') };
    const chooser = new InstanceChooser({ ...idle, observations }, null);
    const route = routeTo([instance(1), instance(2, { admission: 'draining' }), instance(3, { weight: 0 })]);
    const decided = chooser.decide(route, preference);
    assert.equal(chooser.decide(route, { ...preference, seed: 2 }), decided);
    assert.equal(chooser.isSticky(route), false);
    assert.deepEqual(JSON.parse(decided.json), {
      agent: 'echo',
      cardVersion: 3,
      instanceId: `ins_${hex(1)}`,
      candidates: 3,
      reason: 'only-instance',
    });
  });

  it('keeps every candidate with what was known of it and why it won or lost', () => {
    const route = routeTo([
      instance(1, { version: '1.0', region: 'eu', slotsMax: 4 }),
      instance(2, { admission: 'quarantined' }),
      instance(3, { health: { state: 'unhealthy', reason: 'probe.refused', sinceMs: 5 } }),
    ]);
    const { decision, json } = new InstanceChooser(idle, null).decide(route, { ...preference, skillId: 'sum' });
    assert.deepEqual(JSON.parse(json), decision);
    assert.deepEqual(decision, {
      agent: 'echo',
      cardVersion: 3,
      instanceId: `ins_${hex(1)}`,
      candidates: 3,
      reason: 'only-instance',
      seed: preference.seed,
      tier: 'gold',
      priceMicrocredits: 7,
      skill: 'sum',
      sticky: true,
      considered: [
        {
          instanceId: `ins_${hex(1)}`,
          verdict: 'won',
          health: 'healthy',
          breaker: 'closed',
          inFlight: 0,
          weight: 100,
          freeSlots: 4,
          latencyMs: 42,
          successRate: 0.988,
          version: '1.0',
          region: 'eu',
        },
        {
          instanceId: `ins_${hex(2)}`,
          verdict: 'quarantined',
          health: 'healthy',
          breaker: 'closed',
          inFlight: 0,
          weight: 100,
          latencyMs: 42,
          successRate: 0.988,
        },
        {
          instanceId: `ins_${hex(3)}`,
          verdict: 'unhealthy',
          health: 'unhealthy',
          breaker: 'closed',
          inFlight: 0,
          weight: 100,
          latencyMs: 42,
          successRate: 0.988,
        },
      ],
    });
  });

  it('ROUTE-5 stays small for an agent with very many instances, the winner first', () => {
    const route = routeTo(Array.from({ length: 500 }, (_, at) => instance(at, { version: 'v'.repeat(64) })));
    const { decision, json } = new InstanceChooser(idle, null).decide(route, {
      ...preference,
      skillId: 's'.repeat(9_999),
    });
    assert.equal(decision.considered?.length, limits.decisionCandidatesMax);
    assert.equal(decision.considered[0]?.verdict, 'won');
    assert.equal(decision.considered[1]?.verdict, 'more-loaded');
    assert.equal(decision.candidates, 500);
    assert.ok(json.length < 5_000, `${String(json.length)} characters`);
  });

  it('sends a copy to the shadow version for its share only, and never anything else there', () => {
    const policy = { ...defaultRoutingPolicy, mirror: { version: 'next', percent: 25 } };
    const route = routeTo([instance(1), instance(2, { version: 'next' })], { routing: policy });
    const chooser = new InstanceChooser(idle, null);
    const decisions = Array.from({ length: 4_000 }, (_, at) =>
      chooser.decide(route, { ...preference, seed: seedOf(String(at)) }),
    );
    assert.ok(decisions.every((decided) => decided.instance.instanceId === `ins_${hex(1)}`));
    const copied = decisions.filter(({ mirrorTo }) => mirrorTo !== null);
    assert.ok(Math.abs(copied.length / 4_000 - 0.25) < 0.03);
    assert.deepEqual(copied[0]?.decision.mirror, { instanceId: `ins_${hex(2)}`, version: 'next' });
  });

  it('goes nowhere but to the probe that a half-open breaker lets through, also where there is one instance', () => {
    const taken: string[] = [];
    let state: 'open' | 'half-open' = 'open';
    const breakers = {
      stateOf: () => state,
      takeProbe: (_: unknown, taskId: string) => taken.push(taskId) === 1,
      openForMs: () => 1_234,
    };
    const chooser = new InstanceChooser({ ...idle, breakers }, null);
    const route = routeTo([instance(1)]);
    const refused = { code: 'upstream.circuit-open', retry: { kind: 'after', retryAfterMs: 1_234 } };
    assert.throws(() => chooser.decide(route, preference), refused);
    state = 'half-open';
    assert.equal(chooser.decide(route, preference).decision.reason, 'probe');
    assert.throws(() => chooser.decide(route, preference), refused);
    assert.deepEqual(taken, [preference.taskId, preference.taskId]);
  });

  it('sends a task never again to where it was in vain', () => {
    const chooser = new InstanceChooser(idle, null);
    const route = routeTo([instance(1), instance(2)]);
    const tried = new Set([instance(1).instanceId]);
    assert.equal(chooser.decide(route, { ...preference, tried }).instance.instanceId, instance(2).instanceId);
    assert.throws(() => chooser.decide(routeTo([instance(1)]), { ...preference, tried }), {
      code: 'routing.no-instance',
    });
  });

  it('refuses when no instance takes new tasks', () => {
    const chooser = new InstanceChooser(idle, null);
    const route = routeTo([instance(1, { admission: 'draining' }), instance(2, { weight: 0 })]);
    assert.throws(() => chooser.decide(route, preference), { code: 'routing.no-instance' });
  });
});
