/** Guarantee: a broken promise fails the suite, a known one does not, and one that holds again has to leave the list. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { must, section } from '../requirement.ts';
import { judge, unproved } from './judge.ts';
import type { Column, Outcome } from './judge.ts';
import { scenario } from './scenario.ts';

const requirements = section('1', {
  'ONE-1': must('It does one thing.'),
  'ONE-2': must('It does another.', { on: ['JSONRPC'] }),
  'ONE-3': must('It is not ours.', { on: 'once', exempt: { because: 'caller', reason: 'binds callers' } }),
});
const both = scenario('both hold', ['ONE-1', 'ONE-2'], () => Promise.resolve());
const outcome = (on: Column, error?: Error): Outcome => ({
  scenario: both,
  on,
  ...(error === undefined ? {} : { error }),
});
const broken = new Error('it does not');

describe('the judge', () => {
  it('says held only where all that cites a requirement held', () => {
    const judgement = judge(requirements, [outcome('JSONRPC'), outcome('HTTP+JSON', broken)], []);
    const [first, second, third] = judgement.rows.map(({ verdicts }) => verdicts);
    assert.deepEqual([first?.JSONRPC, first?.['HTTP+JSON'], first?.GRPC], ['held', 'FAILED', 'skipped']);
    assert.deepEqual([second?.JSONRPC, second?.['HTTP+JSON']], ['held', '–']);
    assert.equal(third?.once, 'exempt');
    assert.deepEqual(
      judgement.failures.map(({ on }) => on),
      ['HTTP+JSON'],
    );
  });

  it('excuses a known failure in its place alone', () => {
    const known = [{ scenario: both.name, on: 'GRPC', reason: 'not yet' }] as const;
    const judgement = judge(requirements, [outcome('GRPC', broken), outcome('JSONRPC', broken)], known);
    assert.deepEqual([judgement.rows[0]?.verdicts.GRPC, judgement.rows[0]?.verdicts.JSONRPC], ['known', 'FAILED']);
    assert.deepEqual([judgement.failures.length, judgement.stale.length], [1, 0]);
  });

  it('finds a known failure that held, and says nothing of one that did not run', () => {
    const known = [
      { scenario: both.name, on: 'GRPC', reason: 'not yet' },
      { scenario: both.name, on: 'JSONRPC', reason: 'not yet' },
    ] as const;
    assert.deepEqual(judge(requirements, [outcome('GRPC')], known).stale, [known[0]]);
  });

  it('misses a requirement that no scenario reaches in one of its places', () => {
    const there = { ...both, on: ['JSONRPC', 'HTTP+JSON'] } as const;
    assert.deepEqual(unproved(requirements, [there]), ['ONE-1 on GRPC']);
    assert.deepEqual(unproved(requirements, [both]), []);
  });
});
