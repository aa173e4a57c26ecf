/** Guarantee: the published OpenAPI document is the one that the code answers, and every operation in it names its scope and its errors. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { operations, policyOf } from '../src/modules/access/index.ts';
import { adminEndpoints, workEndpoints, openApiDocument } from '../src/surfaces/admin/index.ts';

const golden = new URL('../../../docs/reference/openapi.json', import.meta.url);
const isUpdating = process.env['COLLOQUY_UPDATE_GOLDEN'] === '1';

interface OperationObject {
  readonly operationId: string;
  readonly 'x-colloquy-operation': string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
}

describe('the OpenAPI document', () => {
  const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
  const document = JSON.parse(text) as Document;
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods));

  it('is the checked-in one; COLLOQUY_UPDATE_GOLDEN=1 writes it anew', async () => {
    if (isUpdating) {
      await mkdir(new URL('.', golden), { recursive: true });
      await writeFile(golden, text);
    }
    assert.equal(text, await readFile(golden, 'utf8'));
  });

  it('names every endpoint once', () => {
    assert.deepEqual(
      all.map(({ operationId }) => operationId).toSorted(),
      [...adminEndpoints, ...workEndpoints].map(({ id }) => id).toSorted(),
    );
  });

  it('says for every operation which scope it needs and how it refuses', () => {
    const known: readonly string[] = operations;
    for (const operation of all) {
      const name = operation['x-colloquy-operation'];
      assert.ok(known.includes(name), name);
      const scope = policyOf(name)?.scope;
      assert.ok(scope !== undefined);
      assert.deepEqual(operation.security, [{ oauth2: [scope] }, { bearer: [scope] }]);
      for (const status of ['400', '401', '403', '429', '500', '503']) {
        assert.ok(status in operation.responses, `${operation.operationId} ${status}`);
      }
    }
  });

  it('resolves every reference that it makes', () => {
    const references = Array.from(text.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g), ([, name]) => name ?? '');
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
    assert.deepEqual([...new Set(references)].toSorted(), Object.keys(components.schemas).toSorted());
  });

  it('takes and gives closed objects only', () => {
    const open: string[] = [];
    JSON.parse(text, (key, value: unknown) => {
      if (typeof value === 'object' && value !== null && 'properties' in value && !('additionalProperties' in value))
        open.push(key);
      return value;
    });
    assert.deepEqual(open, []);
  });
});
