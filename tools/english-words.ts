/**
 * Counts the words of tools/forbidden-words.ts, which have a standard word. The status is 1 when a word stands more often
 * in a part of the repository than tools/english-words.baseline.json allows; the baseline may only shrink.
 *
 *   node --conditions=source tools/english-words.ts                               what is left, by word and area
 *   node --conditions=source tools/english-words.ts packages/server/src/modules   every place below a folder or in a file
 *   node --conditions=source tools/english-words.ts --word=wish [folder …]        every place of one word
 *   node --conditions=source tools/english-words.ts --write                       lowers the baseline to what is left
 *
 * --write also accepts a word that moved to another area, but never more of a word in all. You need not lower the
 * baseline in each commit. When it conflicts in a rebase, take the other version and run --write again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { forbiddenWords } from './forbidden-words.ts';
import { readSources, repositoryRoot } from './source-tree.ts';
import { countWords, findWords, grownSince, totalOf, wordPatterns, wordsThatGrew } from './word-counts.ts';
import type { FoundWord, WordCounts } from './word-counts.ts';

const baselineFile = path.join(repositoryRoot, 'tools/english-words.baseline.json');

function readBaseline(): WordCounts | undefined {
  if (!existsSync(baselineFile)) return undefined;
  return JSON.parse(readFileSync(baselineFile, 'utf8')) as WordCounts;
}

/** Prints each place below the folders, and what to write there. */
function list(found: readonly FoundWord[], folders: readonly string[], word: string | undefined): void {
  const isBelow = (file: string): boolean =>
    folders.length === 0 || folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
  const chosen = found.filter(({ word: { name }, file }) => isBelow(file) && (word === undefined || name === word));
  for (const { word: forbidden, file, line, text } of chosen)
    console.log(`${file}:${line === 0 ? 'name' : line}: ${text.trim()} → ${forbidden.instead}`);
  console.log(`${chosen.length} forbidden words`);
}

/** Prints a line for each word that is left. */
function report(counts: WordCounts): void {
  for (const [name, areas] of Object.entries(counts)) {
    const places = Object.entries(areas).map(([area, count]) => `${area} ${count}`);
    console.log(`${String(totalOf(areas)).padStart(5)} ${name.padEnd(15)} ${places.join(', ')}`);
  }
  const total = Object.values(counts).reduce((sum, areas) => sum + totalOf(areas), 0);
  console.log(`${total} forbidden words are left`);
}

function check(baseline: WordCounts, counts: WordCounts): void {
  report(counts);
  const grown = grownSince(baseline, counts);
  for (const sentence of grown) console.log(sentence);
  if (grown.length > 0)
    console.log('Write the standard word (list the places with --word=…), or lower the baseline after a move: --write');
  process.exitCode = grown.length === 0 ? 0 : 1;
}

function write(baseline: WordCounts | undefined, counts: WordCounts): void {
  const grown = baseline === undefined ? [] : wordsThatGrew(baseline, counts);
  for (const name of grown) console.log(`There is more of "${name}" than the baseline allows; it may only shrink.`);
  if (grown.length > 0) process.exitCode = 1;
  else writeFileSync(baselineFile, `${JSON.stringify(counts, null, 2)}\n`);
}

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean' }, word: { type: 'string' } },
  allowPositionals: true,
});
if (values.word !== undefined && !forbiddenWords.some(({ name }) => name === values.word))
  throw new Error(`There is no such word; there are ${forbiddenWords.map(({ name }) => name).join(', ')}.`);
const found = findWords(readSources(wordPatterns));
const folders = positionals.map((folder) => folder.replace(/^\.\//, '').replace(/\/$/, ''));
if (values.write === true) write(readBaseline(), countWords(found));
else if (folders.length > 0 || values.word !== undefined) list(found, folders, values.word);
else check(readBaseline() ?? {}, countWords(found));
