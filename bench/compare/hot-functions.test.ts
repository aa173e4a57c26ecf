/** Guarantee: time is put down to the function it was spent in. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hotFunctions } from './hot-functions.ts';

const frame = (functionName: string, lineNumber: number) => ({ functionName, url: 'file:///a/b/c/d/e.ts', lineNumber });

it('adds the samples of a function up over all its callers', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('parse', 9) },
      { id: 2, callFrame: frame('', 3) },
      { id: 3, callFrame: frame('parse', 9) },
    ],
    samples: [1, 2, 3],
    timeDeltas: [1000, 500, 2000],
  };
  assert.deepEqual(hotFunctions(profile), [
    { place: 'parse b/c/d/e.ts:10', selfMs: 3 },
    { place: '(anonymous) b/c/d/e.ts:4', selfMs: 0.5 },
  ]);
});
