/** Guarantee: a removed entry leaves nothing in memory, and every present entry is found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oldGenerationGrowth } from '@colloquy/testkit';
import { array, assert as hold, boolean, constantFrom, nat, property, record } from 'fast-check';
import { EntryMap } from './entry-map.ts';

interface Item {
  readonly words: readonly string[];
}

const itemOf = (at: number): Item => ({
  words: Array.from({ length: 200 }, (_, word) => `${String(at)} ${String(word)}`),
});

/** Holds 30 items at a time, as a server holds requests. Resolves with the growth of the old generation. */
function growthBytes(items: Pick<EntryMap<string, Item>, 'set' | 'delete'>): Promise<number> {
  const inFlight = 30;
  return oldGenerationGrowth({ steps: 3_000, stepsBetweenCollections: 100 }, (at) => {
    items.set(`item ${String(at)}`, itemOf(at));
    items.delete(`item ${String(at - inFlight)}`);
  });
}

describe('an entry map', () => {
  it('finds what a Map would find, after any sets and deletes', () => {
    const step = record({
      key: constantFrom('a', 'b', 'c', 'd'),
      isSet: boolean(),
      value: record({ n: nat() }),
    });
    hold(
      property(array(step, { maxLength: 60 }), (steps) => {
        const model = new Map<string, { n: number }>();
        const items = new EntryMap<string, { n: number }>();
        for (const { key, isSet, value } of steps) {
          if (isSet) model.set(key, value);
          else model.delete(key);
          if (isSet) items.set(key, value);
          else items.delete(key);
          assert.equal(items.size, model.size);
          for (const each of ['a', 'b', 'c', 'd']) {
            assert.equal(items.get(each), model.get(each));
            assert.equal(items.has(each), model.has(each));
          }
          assert.deepEqual([...items], [...model]);
          assert.deepEqual(new Set(items.values()), new Set(model.values()));
        }
      }),
    );
  });

  it('leaves no removed entry in the old generation', async () => {
    // Of 3,000 items, which take 30 MB, only the ones held at once may be in the old generation.
    assert.ok((await growthBytes(new EntryMap())) < 3_000_000);
  });
});
