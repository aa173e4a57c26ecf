/** Guarantee: every link of the documents leads to a file, and each decision is found by its topic. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.dirname(import.meta.dirname);
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(root, file)));

function linksOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/```[^]*?```|`[^`\n]*`/g, '');
  return Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link).filter(
    (link) => !/^(https?:|mailto:|#)/.test(link),
  );
}

describe('documents', () => {
  it('link only to files that are there', () => {
    const broken = documents.flatMap((file) =>
      linksOf(file)
        .map((link) => path.join(root, path.dirname(file), link.replace(/#.*$/, '')))
        .filter((target) => !existsSync(target))
        .map((target) => `${file}: ${path.relative(root, target)}`),
    );
    assert.ok(documents.length > 50);
    assert.deepEqual(broken, []);
  });

  it('list every decision once in the index, by its number and title', () => {
    const folder = path.join(root, 'docs/decisions');
    const index = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const listed = Array.from(
      index.matchAll(/^- \[(\d{4})\]\((\S+?)\) (.+?)(?: \((?:planned|superseded by \d{4})\))?$/gm),
    );
    const entries = listed.map(([, number = '', file = '', title = '']) => `${file} # ${number}. ${title}`).sort();
    const records = readdirSync(folder)
      .filter((file) => file !== 'README.md')
      .map((file) => `${file} ${readFileSync(path.join(folder, file), 'utf8').split('\n', 1)[0] ?? ''}`);

    assert.deepEqual(entries, records.sort());
    const numbers = listed.map(([, number]) => number);
    assert.deepEqual(numbers.length, new Set(numbers).size, 'no two decisions have one number');
  });
});
