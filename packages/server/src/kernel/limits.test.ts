/** Guarantee: each bound and each error has one place, and none is lost. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { errorCatalog } from './error-catalog.ts';
import { limits } from './limits.ts';

/** The names in every file of a folder beside this test, each with the files that have it. */
async function filesByName(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(path.join(import.meta.dirname, folder))) {
    const exported: unknown = await import(`./${folder}/${file}`);
    const tables = Object.values(Object(exported) as Record<string, object>);
    for (const name of tables.flatMap((table) => Object.keys(table)))
      found.set(name, [...(found.get(name) ?? []), file]);
  }
  return found;
}

const assembled: readonly (readonly [folder: string, table: object])[] = [
  ['limits', limits],
  ['errors', errorCatalog],
];

for (const [folder, table] of assembled) {
  describe(`kernel/${folder}`, () => {
    it('has each name in one file', async () => {
      const twice = [...(await filesByName(folder))].filter(([, files]) => files.length > 1);
      assert.deepEqual(twice, []);
    });

    it('is whole in the assembled table', async () => {
      assert.deepEqual(Object.keys(table).toSorted(), [...(await filesByName(folder)).keys()].toSorted());
    });
  });
}
