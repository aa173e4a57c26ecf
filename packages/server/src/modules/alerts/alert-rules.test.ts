/** Guarantee: alerts follow from what is spent, and how fast, exactly at their bounds, and each has one id for each thing that it is about. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idOf } from '../../kernel/ids.ts';
import type { CheckedWindow, CreditState } from './alert.ts';
import { dueAlerts, dueSamples } from './alert-rules.ts';

const tenantId = idOf('tnt', '0190a1b2-0000-7000-8000-000000000001');
const hourMs = 60 * 60_000;
const startsAt = new Date('2026-11-25T00:00:00Z');
const at = new Date('2026-11-25T10:00:00Z');
const hoursBefore = (hours: number): Date => new Date(at.getTime() - hours * hourMs);

function windowOf(over: Partial<CheckedWindow> = {}, budget: Partial<CheckedWindow['budget']> = {}): CheckedWindow {
  return {
    tenantId,
    windowId: 'w',
    limitMicrocredits: 2_400n,
    leftMicrocredits: 2_400n,
    startsAt,
    endsAt: new Date('2026-11-26T00:00:00Z'),
    sample: null,
    ...over,
    budget: {
      name: 'all',
      budgetId: 'b',
      scope: 'tenant',
      subject: '',
      period: 'day',
      mode: 'hard',
      alertPercents: [50, 80, 100],
      burnRateFactor: null,
      ...budget,
    },
  };
}

const stateOf = (over: Partial<CreditState>): CreditState => ({ windows: [], lowWallets: [], drifts: [], at, ...over });
const percentsAt = (window: CheckedWindow): readonly unknown[] =>
  dueAlerts(stateOf({ windows: [window] })).map(({ facts }) => facts['percent']);

describe('the thresholds of a budget', () => {
  it('are reached exactly at their share of the limit', () => {
    const lefts = [2_400n, 1_201n, 1_200n, 481n, 480n, 1n, 0n, -100n];
    const reached = lefts.map((leftMicrocredits) => percentsAt(windowOf({ leftMicrocredits })));
    assert.deepEqual(reached, [[], [], [50], [50], [50, 80], [50, 80], [50, 80, 100], [50, 80, 100]]);
  });

  it('of an empty budget are reached by the first micro-credit that is spent, and not before', () => {
    assert.deepEqual(percentsAt(windowOf({ limitMicrocredits: 0n, leftMicrocredits: 0n })), []);
    assert.deepEqual(percentsAt(windowOf({ limitMicrocredits: 0n, leftMicrocredits: -1n })), [50, 80, 100]);
  });

  it('have an id for each window and threshold, whatever the limit is now', () => {
    const idsOf = (window: CheckedWindow) => dueAlerts(stateOf({ windows: [window] })).map(({ alertId }) => alertId);
    const first = idsOf(windowOf({ leftMicrocredits: 0n }));
    assert.equal(new Set(first).size, 3);
    assert.deepEqual(idsOf(windowOf({ limitMicrocredits: 4_800n, leftMicrocredits: 0n })), first);
    const nextDay = idsOf(windowOf({ leftMicrocredits: 0n, startsAt: new Date('2026-11-26T00:00:00Z') }));
    const other = idsOf(windowOf({ leftMicrocredits: 0n }, { budgetId: 'c' }));
    assert.equal(new Set([...first, ...nextDay, ...other]).size, 9);
  });
});

describe('the burn rate of a budget', () => {
  // Evenly spent, the limit of 2,400 lasts 24 hours: 100 an hour.
  const burn = (leftMicrocredits: bigint, hours: number, burnRateFactor: number | null = 3) =>
    dueAlerts(
      stateOf({
        windows: [
          windowOf(
            { leftMicrocredits, sample: { at: hoursBefore(hours), leftMicrocredits: 2_400n } },
            { burnRateFactor, alertPercents: [] },
          ),
        ],
      }),
    );

  it('raises an alert above its factor, and none at it, below it, or measured for less than an hour', () => {
    assert.deepEqual(burn(2_100n, 1), []);
    assert.deepEqual(burn(2_000n, 2), []);
    assert.deepEqual(burn(0n, 0.99), []);
    assert.deepEqual(burn(2_000n, 1, null), []);
    assert.deepEqual(burn(2_500n, 1), []);
    const [alert] = burn(2_000n, 1);
    assert.deepEqual(
      [alert?.kind, alert?.facts['measuredMicrocredits'], alert?.facts['runsOutAt']],
      ['burn-rate', 400, '2026-11-25T15:00:00.000Z'],
    );
  });

  it('is measured anew after an hour, and only for budgets with a factor and an end to come', () => {
    const of = (window: CheckedWindow): number => dueSamples(stateOf({ windows: [window] })).length;
    const sample = (hours: number) => ({ sample: { at: hoursBefore(hours), leftMicrocredits: 1n } });
    const factor = { burnRateFactor: 2 };
    assert.deepEqual(
      [of(windowOf({}, factor)), of(windowOf(sample(1), factor)), of(windowOf(sample(0.9), factor))],
      [1, 1, 0],
    );
    assert.deepEqual(
      [of(windowOf()), of(windowOf({ endsAt: at }, factor)), of(windowOf({ endsAt: null }, factor))],
      [0, 0, 0],
    );
  });
});

describe('an alert about a wallet', () => {
  const low = { tenantId, availableMicrocredits: 1n, lowCreditMicrocredits: 5n, grantedMicrocredits: 100n };
  const idOfLow = (over: object) => dueAlerts(stateOf({ lowWallets: [{ ...low, ...over }] }))[0]?.alertId;

  it('is raised again after a grant or for another bound, and not because less is available', () => {
    assert.equal(idOfLow({ availableMicrocredits: 0n }), idOfLow({}));
    assert.equal(
      new Set([idOfLow({}), idOfLow({ grantedMicrocredits: 200n }), idOfLow({ lowCreditMicrocredits: 6n })]).size,
      3,
    );
  });

  it('about drift is raised once for what was found, however often it is found', () => {
    const found = (expectedMicrocredits: string, foundMicrocredits: string) => [
      { of: 'available', expectedMicrocredits, foundMicrocredits },
    ];
    const drift = { tenantId, checkedAt: at, drifts: found('1', '2') };
    const idOfDrift = (over: object) => dueAlerts(stateOf({ drifts: [{ ...drift, ...over }] }))[0]?.alertId;
    assert.equal(idOfDrift({ checkedAt: startsAt }), idOfDrift({}));
    assert.equal(idOfDrift({ drifts: found('501', '502') }), idOfDrift({}), 'tasks move both amounts');
    assert.notEqual(idOfDrift({ drifts: found('1', '3') }), idOfDrift({}));
  });
});
