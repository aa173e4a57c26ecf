/** Guarantee: the package runs in any JavaScript runtime: it imports nothing but itself and touches no host API. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

const source = new URL('./', import.meta.url);
const names = (await readdir(source, { recursive: true })).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.bench.ts'),
);
const files = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(new URL(name, source), 'utf8') })),
);

/** Libraries that are functions of their arguments alone, in the one file that knows each. */
const packages: Readonly<Record<string, string>> = {
  'grpc/protobuf.ts': 'protobufjs/minimal.js',
  'signing/json-web-signature.ts': 'jose',
};

/** Code without comments and string contents, roughly: enough to look for words. */
const code = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");

describe('the source of the package', () => {
  it('is checked completely', () => {
    assert.ok(names.length > 30);
  });

  it('imports by relative path only, inside the package and through the face of another folder; packages have one home each', () => {
    for (const { name, text } of files) {
      for (const [, target = ''] of text.matchAll(/\bfrom\s+'([^']+)'|\bimport\(|\bimport\s+'/g)) {
        const inOwnFolder = /^\.\/[a-z0-9-]+\.ts$/.test(target) || packages[name] === target;
        assert.ok(inOwnFolder || /^\.\.\/[a-z0-9_-]+\/index\.ts$/.test(target), `${name} imports ${target}`);
      }
    }
  });

  it('touches no host API', () => {
    const host =
      /\b(?:process|Buffer|require|globalThis|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|crypto|console|performance)\b|\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)/;
    for (const { name, text } of files) assert.equal(host.exec(code(text))?.[0], undefined, name);
  });

  it('has only imports that go from wire to model, never back', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      model: [],
      errors: [],
      sse: [],
      signing: ['model'],
      audit: ['model', 'signing'],
      json: ['model'],
      jsonrpc: ['errors'],
      codec: ['errors', 'json', 'jsonrpc', 'model'],
      v1: ['codec', 'errors', 'json', 'jsonrpc', 'model'],
      // ProtoJSON of each version: the same messages in other bytes, under the same rules.
      grpc: ['codec', 'errors', 'model', 'v0_3', 'v1'],
      v0_3: ['codec', 'errors', 'json', 'jsonrpc', 'model'],
      v0_1: ['codec', 'errors', 'json', 'jsonrpc', 'model'],
      acp_rpc: ['codec', 'errors', 'json', 'jsonrpc', 'model'],
      acp_connect: ['codec', 'errors', 'model'],
      // Chooses among the codecs; none of them knows it.
      cards: ['codec', 'errors', 'model', 'v0_1', 'v0_3', 'v1'],
    };
    for (const { name, text } of files) {
      const folder = name.split('/')[0] ?? '';
      for (const [, target = ''] of text.matchAll(/from '\.\.\/([a-z0-9_-]+)\/index\.ts'/g)) {
        assert.ok(allowed[folder]?.includes(target), `${name} imports ${target}`);
      }
    }
  });

  it('documents every export', () => {
    for (const { name, text } of files) {
      for (const [, above = '', line = ''] of text.matchAll(/^(.*)\n(export (?!\{|type \{)[^\n]*)/gm)) {
        assert.match(above, /\*\/$/, `${name}: ${line}`);
      }
    }
  });
});
