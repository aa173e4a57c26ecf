/** Guarantee: no sentence of the specification is forgotten, none is cited in vain, and no failure is excused for longer than it lasts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keywordCounts } from './keyword-counts.ts';
import { knownFailures } from './known-failures.ts';
import { requirements } from './requirements.ts';
import { placesOf, unproved } from './run/judge.ts';
import { scenarios } from './scenarios/index.ts';

const ids = requirements.map(({ id }) => id);
const names = scenarios.map(({ name }) => name);

describe('the requirements of A2A 1.0.1', () => {
  it('stand for every MUST and SHOULD, section by section', () => {
    const counts: Record<string, [number, number]> = {};
    for (const { section, level, keywords } of requirements) {
      const count = (counts[section] ??= [0, 0]);
      count[level === 'must' ? 0 : 1] += keywords;
    }
    const spoken = Object.entries(counts).filter(([, [must, should]]) => must + should > 0);
    assert.deepEqual(Object.fromEntries(spoken), keywordCounts);
  });

  it('have ids of their own', () => {
    assert.equal(new Set(ids).size, ids.length);
  });

  it('are each proved by a scenario in every place where they are judged, or exempt for a reason', () => {
    assert.deepEqual(unproved(requirements, scenarios), []);
    for (const { id, exempt } of requirements) assert.ok(exempt === undefined || exempt.reason.length > 0, id);
  });

  it('are cited by scenarios only while they are not exempt', () => {
    const judged = new Set(requirements.filter(({ exempt }) => exempt === undefined).map(({ id }) => id));
    const inVain = scenarios.flatMap(({ name, cites }) =>
      cites.filter((id) => !judged.has(id)).map((id) => `${id} in ${name}`),
    );
    assert.deepEqual(inVain, []);
    assert.ok(scenarios.every(({ cites }) => cites.length > 0));
  });
});

describe('the known failures', () => {
  it('name scenarios that are there, in places where they run', () => {
    assert.equal(new Set(names).size, names.length);
    for (const { scenario, on, reason } of knownFailures) {
      const found = scenarios.find(({ name }) => name === scenario);
      assert.ok(found !== undefined && placesOf(found).includes(on), `${scenario} (${on})`);
      assert.notEqual(reason, '');
    }
  });
});
