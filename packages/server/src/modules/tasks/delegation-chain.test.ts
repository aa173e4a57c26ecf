/** Guarantee: whatever agents send on, a chain only gets longer and holds every agent once, until it stops (T09, T24). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../kernel/limits.ts';
import { extendChain } from './delegation-chain.ts';
import { idOf } from '../../kernel/ids.ts';

const chains = 10_000;

/** Numbers of a linear congruence (Numerical Recipes), so that a failure can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const taskOf = (chain: number, hop: number) =>
  idOf('tsk', `${chain.toString(16)}${hop.toString(16)}`.padStart(32, '0'));

describe('a chain of tasks', () => {
  it(`grows by one hop at a time, names each agent once and keeps its root, in ${chains} random ones`, () => {
    const random = numbers(24);
    const ends = { loop: 0, 'too-deep': 0 };
    for (let n = 0; n < chains; n += 1) {
      const agents = 1 + random(9);
      const told = random(7);
      const depthMax = told === 0 ? null : told;
      const deepest = Math.min(depthMax ?? limits.delegationDepthMax, limits.delegationDepthMax);
      let parent: Parameters<typeof extendChain>[0] = {
        taskId: taskOf(n, 0),
        agentName: `a${random(agents)}`,
        chain: null,
        depthMax,
      };
      const ancestors = [parent.agentName];
      for (let hop = 1; ; hop += 1) {
        const agentName = `a${random(agents)}`;
        const chain = extendChain(parent, agentName);
        assert.equal(chain === 'loop', ancestors.includes(agentName));
        if (typeof chain === 'string') {
          assert.equal(chain === 'too-deep', !ancestors.includes(agentName) && hop > deepest);
          ends[chain] += 1;
          break;
        }
        assert.deepEqual(chain, { root: taskOf(n, 0), parent: parent.taskId, depth: hop, ancestors });
        ancestors.push(agentName);
        parent = { taskId: taskOf(n, hop), agentName, chain, depthMax };
      }
    }
    assert.equal(ends.loop + ends['too-deep'], chains);
    assert.ok(ends['too-deep'] > 100 && ends.loop > 100);
  });
});
