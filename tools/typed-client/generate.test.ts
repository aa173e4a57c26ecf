/** Guarantee: the SDK's admin client knows every operation of the OpenAPI document, with its address and types as they are there. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { generateOperations, staleFiles } from './generate.ts';

describe('generated files', () => {
  it('are what their sources say; `npm run generate` writes them', async () => {
    assert.deepEqual(await staleFiles(), []);
  });
});

describe('the generated part of the admin client', () => {
  it('changes with the document', async () => {
    const file = new URL('../../docs/reference/openapi.json', import.meta.url);
    const document = JSON.parse(await readFile(file, 'utf8')) as Parameters<typeof generateOperations>[0];
    const { '/tenants': tenants = {} } = document.paths;
    const text = await generateOperations({ paths: { '/renters': tenants }, components: document.components });
    assert.match(text, /createTenant: \['POST', '\/renters'\],/);
    assert.doesNotMatch(text, /registerAgent/);
  });

  it('refuses a parameter for which the client has no argument', async () => {
    const trace = { name: 'X-Trace', in: 'header', required: false, schema: { type: 'string' } } as const;
    const get = { operationId: 'listThings', summary: '', security: [], parameters: [trace], responses: {} };
    const document = { paths: { '/things': { get } }, components: { schemas: {} } };
    await assert.rejects(generateOperations(document), /listThings: .*'X-Trace'/);
  });
});
