/** Guarantee: a command line starts exactly the suite that it names, and what a broken run prints to replay it starts the same again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orderOf, WrongCommandLine } from './command-line.ts';
import type { RunsOrder } from './command-line.ts';

const runsOf = (...args: readonly string[]): RunsOrder => {
  const order = orderOf(args, () => 77);
  return order.kind === 'runs' ? order.runs : assert.fail(order.kind);
};

describe('the command line of chaos', () => {
  for (const suite of [[], ['--streams'], ['--slots'], ['--faults'], ['--long']]) {
    for (const tier of [[], ['--quick']]) {
      it(`replays a round of ${[...suite, ...tier, 'what is run by default'][0] ?? ''} ${tier.join('')}`, () => {
        const { replayOf, seed, suite: first, kills, processes } = runsOf(...suite, ...tier);
        assert.equal(seed, 77);
        const [, words = ''] = /^npm run chaos -- (.*)$/.exec(replayOf(seed + 3)) ?? [];
        const again = runsOf(...words.split(' '));
        assert.equal(again.suite, first);
        assert.deepEqual([again.seed, again.kills, again.processes, again.rounds], [80, kills, processes, 1]);
        assert.equal(again.replayOf(80), replayOf(80).replace(' --rounds 1', ''));
      });
    }
  }

  it('has in its long form a thousand kills and a hundred thousand tasks, and a small tier of it', () => {
    const { suite, rounds, kills } = runsOf('--long');
    assert.ok(rounds * kills >= 1_000);
    assert.ok(rounds * suite.workload.tasksMin >= 100_000);
    assert.ok(runsOf('--long', '--quick').rounds * runsOf('--long', '--quick').kills < 30);
  });

  it('names the other suites by their tier', () => {
    for (const kind of ['instances', 'hostile'] as const) {
      assert.deepEqual(
        orderOf([`--${kind}`], () => 1),
        { kind, tier: 'full' },
      );
      assert.deepEqual(
        orderOf([`--${kind}`, '--quick'], () => 1),
        { kind, tier: 'quick' },
      );
    }
  });

  it('takes the seed of a run of credits, or draws one', () => {
    assert.deepEqual(
      orderOf(['--credits', '--quick', '--seed', '5'], () => 1),
      { kind: 'credits', tier: 'quick', seed: 5 },
    );
    assert.deepEqual(
      orderOf(['--usage'], () => 1),
      { kind: 'usage', tier: 'full', seed: 1 },
    );
    assert.deepEqual(
      orderOf(['--credits'], () => 1),
      { kind: 'credits', tier: 'full', seed: 1 },
    );
  });

  for (const line of [
    '--slots --long',
    '--credits --kills 3',
    '--instances --hostile',
    '--instances --seed 3',
    '--hostile --keep',
    '--seed x',
    '--kills 0',
    '--rounds 1.5',
    '--fault',
    'faults',
  ]) {
    it(`is refused when it says ${line}, before anything is started`, () => {
      assert.throws(() => orderOf(line.split(' '), () => 1), WrongCommandLine);
    });
  }
});
