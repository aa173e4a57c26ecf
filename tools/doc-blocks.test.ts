/** Guarantee: a developer who calls our packages or implements a port finds every promise written above the name. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undocumentedExports } from './doc-blocks.ts';
import { readSources } from './source-tree.ts';

describe('doc blocks', () => {
  it('stand above every export of protocol, sdk and the ports', () => {
    assert.deepEqual(undocumentedExports(readSources()), []);
  });

  it('are missed when they are missing', () => {
    const file = 'packages/sdk/src/client/x.ts';
    const text = [
      '/** Said. */ export const said = 1;',
      'export const unsaid = 1;',
      'export function quiet(): void {}',
      'export interface Mute { a: string }',
      'export type Dumb = string;',
      'export class Still {}',
      '// a plain comment is not a doc block',
      'export const plain = 2;',
      'const inner = 3;',
      '/** Once for both. */ export function twice(a: string): void;',
      'export function twice(a: unknown): void {}',
    ].join('\n');
    const names = undocumentedExports(new Map([[file, text]])).map((line) => line.split(' ')[1]);
    assert.deepEqual(names, ['unsaid', 'quiet', 'Mute', 'Dumb', 'Still', 'plain']);
  });

  it('are not asked of tests, nor of files that no other package reads', () => {
    const sources = new Map([
      ['packages/sdk/src/client/x.test.ts', 'export const a = 1;'],
      ['packages/server/src/surfaces/admin/x.ts', 'export const a = 1;'],
    ]);
    assert.deepEqual(undocumentedExports(sources), []);
  });
});
