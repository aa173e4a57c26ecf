/** Guarantee: each bound, error, operation and audit action has one place, and none is lost. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { auditActions, errorCatalog, limits, policyTable } from './declarations.gen.ts';

/** The names that the files of a folder declare in exports with this ending, each with the files that have it. */
async function filesByName(folder: string, ending: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(path.join(import.meta.dirname, folder))) {
    const exported: unknown = await import(`./${folder}/${file}`);
    for (const [name, value] of Object.entries(Object(exported) as Record<string, object>)) {
      if (!name.endsWith(ending)) continue;
      for (const declared of namesIn(value)) found.set(declared, [...(found.get(declared) ?? []), file]);
    }
  }
  return found;
}

const namesIn = (table: object): readonly string[] => (Array.isArray(table) ? table.map(String) : Object.keys(table));

const assembled: readonly (readonly [folder: string, ending: string, table: object])[] = [
  ['limits', 'Limits', limits],
  ['declarations', 'Errors', errorCatalog],
  ['declarations', 'Operations', policyTable],
  ['declarations', 'AuditActions', auditActions],
];

for (const [folder, ending, table] of assembled) {
  describe(`kernel/${folder}, exports that end in ${ending}`, () => {
    it('have each name in one file', async () => {
      const twice = [...(await filesByName(folder, ending))].filter(([, files]) => files.length > 1);
      assert.deepEqual(twice, []);
    });

    it('are whole in the assembled table', async () => {
      assert.deepEqual(namesIn(table).toSorted(), [...(await filesByName(folder, ending)).keys()].toSorted());
    });
  });
}

describe('kernel/declarations', () => {
  it('exports nothing that no table takes', async () => {
    const endings = new Set(assembled.map(([, ending]) => ending));
    for (const file of readdirSync(path.join(import.meta.dirname, 'declarations'))) {
      const exported: unknown = await import(`./declarations/${file}`);
      for (const name of Object.keys(Object(exported) as object))
        assert.ok(
          [...endings].some((ending) => name.endsWith(ending)),
          `${file}: ${name}`,
        );
    }
  });
});
