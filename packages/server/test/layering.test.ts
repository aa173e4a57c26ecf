/** Guarantee: the source keeps to the import table, and the check would notice if it did not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkLayering } from '../../../tools/layering.ts';
import { mayImport } from '../../../tools/layering-rules.ts';
import { readSources } from '../../../tools/source-tree.ts';
import { readManifests } from '../../../tools/workspace-manifests.ts';

const manifests = readManifests();
const server = 'packages/server/src/';

/** The messages about a file with this text, among the files that it imports. */
function messagesFor(file: string, text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const { violations } = checkLayering(new Map([...Object.entries(others), [file, text]]), manifests);
  return violations.map(({ message }) => message);
}

describe('the source', () => {
  const sources = readSources();
  const report = checkLayering(sources, manifests);

  it('has no import that the table forbids, no circle and no impure core', () => {
    assert.deepEqual(
      report.violations.map(({ file, line, message }) => `${file}:${line}: ${message}`),
      [],
    );
  });

  it('is really read: the arrows that make the product are there', () => {
    const needed = [
      'modules → kernel',
      'adapters → modules',
      'surfaces → modules',
      'assembly → adapters',
      'sdk → protocol',
    ];
    assert.deepEqual(
      needed.filter((arrow) => !report.arrows.has(arrow)),
      [],
    );
  });

  it('uses no arrow outside the table', () => {
    const outside = [...report.arrows].filter((arrow) => {
      const [from = '', to = ''] = arrow.split(' → ');
      const allowed: Readonly<Record<string, unknown>> = mayImport[from as keyof typeof mayImport];
      return !(to in allowed) && to !== 'testkit' && to !== 'tests';
    });
    assert.deepEqual(outside, []);
  });
});

/** What is planted where, and what the check must say about it. */
const planted: readonly {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly says: RegExp;
}[] = [
  {
    title: 'the kernel reaching up',
    file: 'kernel/x.ts',
    text: `import { a } from '../modules/audit/index.ts';`,
    says: /kernel may not import modules/,
  },
  {
    title: 'the kernel taking a package',
    file: 'kernel/x.ts',
    text: `import pg from 'pg';`,
    says: /pure and may not import the package pg/,
  },
  {
    title: 'the kernel reading files',
    file: 'kernel/x.ts',
    text: `import { readFileSync } from 'node:fs';`,
    says: /may not import node:fs readFileSync/,
  },
  {
    title: 'a module drawing randomness from Node',
    file: 'modules/audit/x.ts',
    text: `import { hash, randomUUID } from 'node:crypto';`,
    says: /node:crypto randomUUID/,
  },
  {
    title: 'a module using a later one',
    file: 'modules/audit/x.ts',
    text: `import { a } from '../tasks/index.ts';`,
    says: /audit comes before tasks/,
  },
  {
    title: 'a type of a later module',
    file: 'modules/audit/x.ts',
    text: `export type A = import('../tasks/index.ts').A;`,
    says: /audit comes before tasks/,
  },
  {
    title: 'a module reaching past an index',
    file: 'modules/tasks/x.ts',
    text: `import { a } from '../audit/entry.ts';`,
    says: /by its index\.ts/,
  },
  {
    title: 'a module using one that is not in the order',
    file: 'modules/tasks/x.ts',
    text: `import { a } from '../billing/index.ts';`,
    says: /tasks comes before billing/,
  },
  {
    title: 'a module knowing a wire version',
    file: 'modules/tasks/x.ts',
    text: `import { a } from '@colloquy/protocol/v1';`,
    says: /neutral model only/,
  },
  {
    title: 'a module knowing storage',
    file: 'modules/tasks/x.ts',
    text: `import type { A } from '../../adapters/postgres/pool.ts';`,
    says: /modules may not import adapters/,
  },
  {
    title: 'an adapter using code of a module',
    file: 'adapters/keys/x.ts',
    text: `import { a } from '../../modules/access/index.ts';`,
    says: /only types/,
  },
  {
    title: 'an adapter importing another',
    file: 'adapters/keys/x.ts',
    text: `import { a } from '../postgres/tasks/read-task.ts';`,
    says: /adapters do not import one another/,
  },
  {
    title: 'an adapter importing a surface',
    file: 'adapters/keys/x.ts',
    text: `import { a } from '../../surfaces/http/index.ts';`,
    says: /adapters may not import surfaces/,
  },
  {
    title: 'a surface importing another',
    file: 'surfaces/admin/x.ts',
    text: `import { a } from '../a2a/index.ts';`,
    says: /no other surface/,
  },
  {
    title: 'a surface importing an adapter',
    file: 'surfaces/admin/x.ts',
    text: `export * from '../../adapters/keys/index.ts';`,
    says: /surfaces may not import adapters/,
  },
  {
    title: 'a surface loading an adapter late',
    file: 'surfaces/admin/x.ts',
    text: `export const a = () => import('../../adapters/keys/index.ts');`,
    says: /surfaces may not import adapters/,
  },
  {
    title: 'SQL outside its home',
    file: 'surfaces/admin/x.ts',
    text: `import pg from 'pg';`,
    says: /only below .*adapters\/postgres/,
  },
  {
    title: 'an undeclared package',
    file: 'surfaces/admin/x.ts',
    text: `import a from 'left-pad';`,
    says: /not among the dependencies/,
  },
  {
    title: 'main doing work itself',
    file: 'main.ts',
    text: `import { a } from './kernel/ids.ts';`,
    says: /main may not import kernel/,
  },
  {
    title: 'a path into another package',
    file: 'surfaces/admin/x.ts',
    text: `import { a } from '../../../../protocol/src/model/index.ts';`,
    says: /by its name/,
  },
  {
    title: 'an import computed at run time',
    file: 'adapters/keys/x.ts',
    text: `export const a = (b: string) => import(b);`,
    says: /computes what it imports/,
  },
  {
    title: 'the clock in a module',
    file: 'modules/audit/x.ts',
    text: `export const a = Date.now();`,
    says: /Date\.now: time arrives/,
  },
  {
    title: 'the clock by construction',
    file: 'modules/audit/x.ts',
    text: `export const a = new Date();`,
    says: /new Date\(\): time arrives/,
  },
  { title: 'dice in the kernel', file: 'kernel/x.ts', text: `export const a = Math.random();`, says: /Math\.random/ },
  { title: 'waiting in a module', file: 'modules/audit/x.ts', text: `setTimeout(() => {}, 1);`, says: /setTimeout/ },
  {
    title: 'the environment in a module',
    file: 'modules/audit/x.ts',
    text: `export const a = process.env;`,
    says: /process: take configuration/,
  },
  {
    title: 'a call over the network in a module',
    file: 'modules/audit/x.ts',
    text: `export const a = { call: fetch };`,
    says: /fetch: calls leave/,
  },
  {
    title: 'the way round through globalThis',
    file: 'modules/audit/x.ts',
    text: `export const a = globalThis;`,
    says: /globalThis/,
  },
  {
    title: 'a comment that switches the rule off',
    file: 'adapters/keys/x.ts',
    text: `// oxlint-disable-next-line no-restricted-imports -- because\nexport {};`,
    says: /switches off a layering rule/,
  },
  { title: 'a folder outside every layer', file: 'helpers/x.ts', text: `export {};`, says: /lies in no layer/ },
];

describe('the check refuses', () => {
  for (const { title, file, text, says } of planted) {
    it(title, () => {
      const messages = messagesFor(`${server}${file}`, text);
      assert.ok(
        messages.some((message) => says.test(message)),
        `said only: ${messages.join('; ') || 'nothing'}`,
      );
    });
  }

  it('a circle that consists of types alone', () => {
    const messages = messagesFor(`${server}kernel/a.ts`, `import type { B } from './b.ts'; export type A = B;`, {
      [`${server}kernel/b.ts`]: `import type { A } from './a.ts'; export type B = A;`,
    });
    assert.ok(messages.some((message) => message.includes('in a circle')));
  });

  it('a published package that imports the server, and a command that takes codecs', () => {
    assert.match(
      messagesFor('packages/sdk/src/x.ts', `import { a } from '@colloquy/server/platform';`)[0] ?? '',
      /sdk may not/,
    );
    assert.match(messagesFor('packages/protocol/src/x.ts', `import { readFile } from 'node:fs';`)[0] ?? '', /pure/);
    assert.match(
      messagesFor('packages/cli/src/x.ts', `import { a } from '@colloquy/protocol/v1';`)[0] ?? '',
      /only types/,
    );
    assert.match(
      messagesFor('bench/x.ts', `import { a } from '../packages/server/src/kernel/ids.ts';`)[0] ?? '',
      /by its name/,
    );
  });
});

describe('the check accepts', () => {
  const fine: readonly (readonly [file: string, text: string])[] = [
    [
      'modules/tasks/x.ts',
      `import { a } from '../audit/index.ts'; import { b } from './y.ts'; import type { T } from '@colloquy/protocol';`,
    ],
    [
      'modules/tasks/x.ts',
      `import { createHash } from 'node:crypto'; export const now = (clock: { now(): Date }) => clock.now();`,
    ],
    [
      'modules/tasks/x.ts',
      `export const a = (clock: { setTimeout(ms: number): void }) => clock.setTimeout(new Date(5).getTime());`,
    ],
    ['modules/tasks/x.ts', `export const later = (fetch: () => void) => fetch();`],
    [
      'adapters/upstream/x.ts',
      `import type { Port } from '../../modules/tasks/index.ts'; import { Pool } from 'undici';`,
    ],
    ['adapters/postgres/tasks/x.ts', `import { run } from '../transaction.ts'; import { a } from '../nodes/y.ts';`],
    ['adapters/embedded-postgres/x.ts', `import { createPool } from '../postgres/pool.ts';`],
    ['modules/billing/x.ts', `import { a } from '../gateway/index.ts';`],
    ['surfaces/admin/x.ts', `import { a } from '../http/reply.ts'; import { b } from '../../modules/audit/index.ts';`],
  ];
  for (const [file, text] of fine) {
    it(`${file}: ${text}`, () => assert.deepEqual(messagesFor(`${server}${file}`, text), []));
  }
});
