/** Guarantee: every threat that the platform answers is listed, and the tests that are said to prove the answer exist. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/operations/security.md'), 'utf8');
const threats = Array.from({ length: 42 }, (_, at) => `T${String(at + 1).padStart(2, '0')}`);
/** What tenants write is evaluated nowhere, so that there is nothing to test. */
const withoutTest = new Set(['T27']);

const sections = new Map(
  Array.from(page.matchAll(/^### (T\d+) ([\s\S]*?)(?=^##|$(?![\s\S]))/gm), ([, id = '', text = '']) => [id, text]),
);

interface Citation {
  readonly file: string;
  readonly title: string;
}

function citationsOf(text: string): readonly Citation[] {
  const found = text.matchAll(/^- `([\w./-]+\.test\.ts)` › "([^"]+)"$/gm);
  return Array.from(found, ([, file = '', title = '']) => ({ file, title }));
}

/** The titles of the tests of a file, as they read. */
function titlesOf(file: string): ReadonlySet<string> {
  const source = readFileSync(path.join(root, file), 'utf8');
  const titles = source.matchAll(/\bit\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g);
  return new Set(Array.from(titles, ([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'")));
}

describe('the page about threats', () => {
  it('has each of them once, in order', () => {
    const headings = Array.from(page.matchAll(/^### (T\d+) /gm), ([, id]) => id);
    assert.deepEqual(headings, threats);
  });

  it('says of each how it is answered, and names tests that exist', () => {
    for (const [id, text] of sections) {
      const citations = citationsOf(text);
      assert.equal(citations.length === 0, withoutTest.has(id), `${id} names ${citations.length} tests`);
      for (const { file, title } of citations) {
        assert.ok(globSync(file, { cwd: root }).length === 1, `${id}: there is no ${file}`);
        assert.ok(titlesOf(file).has(title), `${id}: ${file} has no test "${title}"`);
      }
    }
  });

  it('hides no citation behind another spelling', () => {
    const read = [...sections.values()].flatMap(citationsOf).length;
    assert.equal(page.split('.test.ts').length - 1, read);
    assert.ok(read >= 80, `${read} citations`);
  });

  it('is where every threat that a test names is found', () => {
    const files = globSync(['packages/*/{src,test}/**/*.test.ts', 'suites/security/*.test.ts'], { cwd: root });
    const named = files.flatMap((file) => {
      const source = readFileSync(path.join(root, file), 'utf8');
      return Array.from(source.matchAll(/\((T\d{2}(?:, T\d{2})*)\)/g), ([, ids = '']) => ids.split(', ')).flat();
    });
    assert.ok(named.length > 40, `${named.length} named`);
    for (const id of new Set(named)) assert.ok(sections.has(id), id);
  });
});
