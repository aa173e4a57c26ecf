/**
 * Guarantee: an unready candidate never wins while another is ready; shares hold over many draws; a context stays at its instance; a
 * decision depends on its inputs only. Spec: docs/specs/routing.md.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { fitnessOf } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import { chooseInstance } from './choose-instance.ts';
import type { SelectionInput } from './choose-instance.ts';
import { defaultRoutingPolicy, selectionFor } from './routing-policy.ts';
import { seedOf } from './seeded-draw.ts';

const idOf = (at: number) => `ins_${at.toString(16).padStart(32, '0')}` as const;

function candidate(at: number, facts: Partial<Omit<Candidate, 'instance'>> & { instance?: object } = {}): Candidate {
  return {
    breaker: 'closed',
    freeSlots: null,
    inFlight: 0,
    latencyMs: null,
    successRate: null,
    isTried: false,
    ...facts,
    instance: {
      instanceId: idOf(at),
      url: 'http://a/',
      wire: '1.0 JSONRPC',
      routingTag: null,
      version: null,
      weight: 100,
      region: null,
      admission: 'active',
      slotsMax: null,
      health: { state: 'healthy', reason: null, sinceMs: 0 },
      ...facts.instance,
    },
  };
}

const plainSettings = selectionFor(defaultRoutingPolicy, null);
const inputWith = (changes: Partial<SelectionInput> = {}): SelectionInput => ({
  settings: plainSettings,
  stickyTo: null,
  probe: null,
  nodeRegion: null,
  seed: 1,
  ...changes,
});

const anyCandidates = fc
  .array(
    fc.record({
      breaker: fc.constantFrom('closed', 'open', 'half-open'),
      freeSlots: fc.constantFrom(null, 0, 1, 7),
      inFlight: fc.nat(50),
      latencyMs: fc.option(fc.nat(5_000)),
      successRate: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      isTried: fc.boolean(),
      version: fc.constantFrom(null, '1', '2', 'shadow'),
      weight: fc.constantFrom(0, 1, 100, 1_000),
      region: fc.constantFrom(null, 'eu', 'us'),
      admission: fc.constantFrom('active', 'draining', 'quarantined'),
      health: fc.constantFrom('healthy', 'degraded', 'unhealthy', 'unknown'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ version, weight, region, admission, health, ...facts }, at) =>
      candidate(at, {
        ...(facts as Pick<Candidate, 'breaker' | 'freeSlots' | 'inFlight' | 'isTried' | 'latencyMs' | 'successRate'>),
        instance: { version, weight, region, admission, health: { state: health, reason: null, sinceMs: 0 } },
      }),
    ),
  );

const shares = (...all: readonly (readonly [string, number])[]) =>
  all.map(([version, weight]) => ({ version, weight }));

const anyInput = fc
  .record({
    choice: fc.constantFrom('least-outstanding' as const, 'weighted' as const, 'spread' as const),
    regions: fc.constantFrom([], ['own'], ['us', 'own'], ['mars']),
    versions: fc.constantFrom([], shares(['1', 0], ['2', 5]), shares(['1', 10])),
    version: fc.constantFrom(null, '2'),
    shadow: fc.constantFrom(null, 'shadow'),
    nodeRegion: fc.constantFrom(null, 'eu'),
    stickyAt: fc.option(fc.nat(9)),
    seed: fc.integer(),
  })
  .map(({ stickyAt, seed, nodeRegion, ...settings }) =>
    inputWith({ settings, nodeRegion, seed, stickyTo: stickyAt === null ? null : idOf(stickyAt) }),
  );

describe('choosing an instance', () => {
  it('ROUTE-1 never takes an unready candidate while one is ready, and never one that takes no new work', () => {
    fc.assert(
      fc.property(anyCandidates, anyInput, (candidates, asked) => {
        const choice = chooseInstance(candidates, asked);
        const fitnesses = candidates.map((one) => fitnessOf(one, asked.settings.shadow));
        const isOneReady = fitnesses.includes('ready');
        if (choice === null)
          return assert.ok(fitnesses.every((fitness) => fitness === 'closed' || fitness === 'breaker-open'));
        const { winner, reason, lastResort, verdicts } = choice;
        const fitness = fitnesses[candidates.indexOf(winner)];
        if (reason === 'sticky') {
          assert.equal(winner.instance.instanceId, asked.stickyTo);
          assert.equal(winner.instance.admission, 'active');
          assert.equal(winner.breaker, 'closed');
          assert.ok(!isOneReady || lastResort === null || lastResort === 'full');
        } else {
          assert.equal(fitness === 'ready', isOneReady);
          assert.ok(fitness !== 'closed' && fitness !== 'breaker-open');
          assert.equal(lastResort === null, isOneReady);
        }
        assert.equal(verdicts.length, candidates.length);
        assert.deepEqual(verdicts.filter((verdict) => verdict === 'won').length, 1);
        assert.equal(verdicts[candidates.indexOf(winner)], 'won');
        return undefined;
      }),
      { numRuns: 2_000 },
    );
  });

  it('ROUTE-2 is made again from what went in, whatever else happens between', () => {
    fc.assert(
      fc.property(anyCandidates, anyInput, (candidates, asked) => {
        const first = chooseInstance(candidates, asked);
        chooseInstance(candidates, { ...asked, seed: asked.seed + 1 });
        assert.deepEqual(chooseInstance(structuredClone(candidates), structuredClone(asked)), first);
      }),
      { numRuns: 500 },
    );
  });

  const draws = 20_000;
  const sharesOf = (candidates: readonly Candidate[], asked: Partial<SelectionInput>): readonly number[] => {
    const wins = candidates.map(() => 0);
    for (let at = 0; at < draws; at += 1) {
      const choice = chooseInstance(candidates, inputWith({ ...asked, seed: seedOf(`task ${String(at)}`) }));
      const won = candidates.indexOf(choice?.winner ?? candidate(99));
      wins[won] = (wins[won] ?? 0) + 1;
    }
    return wins.map((count) => count / draws);
  };
  const assertShares = (shares: readonly number[], expected: readonly number[]): void => {
    for (const [at, share] of shares.entries())
      assert.ok(Math.abs(share - (expected[at] ?? 0)) < 0.015, `${String(share)} is not ${String(expected[at])}`);
  };

  it('ROUTE-3 keeps the shares of weights over many draws, also for a canary whose instances idle', () => {
    const weighted = [100, 300, 600].map((weight, at) => candidate(at, { instance: { weight } }));
    assertShares(sharesOf(weighted, { settings: { ...plainSettings, choice: 'weighted' } }), [0.1, 0.3, 0.6]);
    assertShares(sharesOf(weighted, { settings: { ...plainSettings, choice: 'spread' } }), [1 / 3, 1 / 3, 1 / 3]);
    const versions = [
      candidate(0, { inFlight: 40, instance: { version: '1' } }),
      candidate(1, { inFlight: 40, instance: { version: '1' } }),
      candidate(2, { inFlight: 0, instance: { version: '2' } }),
    ];
    const canary = { ...plainSettings, versions: shares(['1', 95], ['2', 5]) };
    assertShares(sharesOf(versions, { settings: canary }), [0.475, 0.475, 0.05]);
    const off = { ...plainSettings, versions: shares(['2', 0]) };
    assertShares(sharesOf(versions, { settings: off }), [0.5, 0.5, 0]);
    // The canary is gone, and its share with it.
    const [first, second] = versions;
    assert.ok(first !== undefined && second !== undefined);
    const broken = [first, second, candidate(2, { breaker: 'open', instance: { version: '2' } })];
    assertShares(sharesOf(broken, { settings: canary }), [0.5, 0.5, 0]);
  });

  it('spares who has much to do, fails or is doubtful', () => {
    const loaded = [candidate(0, { inFlight: 10 }), candidate(1, { inFlight: 2 })];
    assertShares(sharesOf(loaded, {}), [0, 1]);
    const failing = [candidate(0, { inFlight: 0, successRate: 0.2 }), candidate(1, { inFlight: 2, successRate: 1 })];
    assertShares(sharesOf(failing, {}), [0, 1]);
    const degraded = { health: { state: 'degraded', reason: null, sinceMs: 0 } };
    const doubtful = [candidate(0, { inFlight: 3, instance: degraded }), candidate(1, { inFlight: 4 })];
    assertShares(sharesOf(doubtful, {}), [0, 1]);
    const idle = [0, 1, 2, 3].map((at) => candidate(at));
    assertShares(sharesOf(idle, {}), [0.25, 0.25, 0.25, 0.25]);
  });

  it('ROUTE-4 keeps a context where it was, and moves it only when that is gone or can not take it', () => {
    const stickyTo = idOf(1);
    const chosen = (there: Candidate | null) => {
      const others = [candidate(0), candidate(2)];
      const all = there === null ? others : [...others, there];
      const choices = [1, 2, 3, 4, 5].map((seed) => chooseInstance(all, inputWith({ stickyTo, seed })));
      return new Set(choices.map((choice) => choice?.reason === 'sticky' && choice.winner.instance.instanceId));
    };
    const kept = new Set([stickyTo]);
    assert.deepEqual(chosen(candidate(1, { inFlight: 49 })), kept);
    assert.deepEqual(chosen(candidate(1, { freeSlots: 0 })), kept);
    assert.deepEqual(chosen(candidate(1, { instance: { weight: 0 } })), kept);
    const moved = new Set([false]);
    assert.deepEqual(chosen(null), moved);
    assert.deepEqual(chosen(candidate(1, { breaker: 'open' })), moved);
    assert.deepEqual(chosen(candidate(1, { instance: { admission: 'draining' } })), moved);
    assert.deepEqual(chosen(candidate(1, { instance: { admission: 'quarantined' } })), moved);
    assert.deepEqual(chosen(candidate(1, { isTried: true })), moved);
    const sick = { health: { state: 'unhealthy', reason: null, sinceMs: 0 } };
    assert.deepEqual(chosen(candidate(1, { instance: sick })), moved);
  });

  it('gives a half-open one the task that it lets through, and no other', () => {
    const all = [candidate(0), candidate(1, { breaker: 'half-open' })];
    const probed = chooseInstance(all, inputWith({ probe: idOf(1) }));
    assert.deepEqual([probed?.reason, probed?.verdicts], ['probe', ['elsewhere', 'won']]);
    for (let seed = 0; seed < 50; seed += 1)
      assert.deepEqual(chooseInstance(all, inputWith({ seed }))?.verdicts, ['won', 'breaker-open']);
  });

  it('prefers regions in their order, resolves `own`, and goes elsewhere when no instance there is ready', () => {
    const all = ['eu', 'us', 'asia'].map((region, at) => candidate(at, { instance: { region } }));
    const regionOf = (regions: readonly string[], nodeRegion: string | null, candidates = all) =>
      chooseInstance(candidates, inputWith({ nodeRegion, settings: { ...plainSettings, regions } }))?.winner.instance
        .region;
    assert.equal(regionOf(['us'], 'eu'), 'us');
    assert.equal(regionOf(['own', 'us'], 'asia'), 'asia');
    assert.equal(regionOf(['own', 'us'], null), 'us');
    assert.equal(regionOf(['mars', 'eu'], null), 'eu');
    const [eu, , asia] = all;
    assert.ok(eu !== undefined && asia !== undefined);
    const busy = candidate(1, { freeSlots: 0, instance: { region: 'us' } });
    assert.notEqual(regionOf(['us'], null, [eu, busy, asia]), 'us');
  });
});
