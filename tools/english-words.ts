/**
 * Finds the words of tools/forbidden-words.ts, which have a standard word. The status is 1 when there is one.
 *
 *   node --conditions=source tools/english-words.ts            every place in the repository
 *   node --conditions=source tools/english-words.ts docs …     those below folders or in files
 */
import { parseArgs } from 'node:util';
import { findWords, wordPatterns } from './find-words.ts';
import { readSources } from './source-tree.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const places = positionals.map((place) => place.replace(/^\.\//, '').replace(/\/$/, ''));
const isAsked = (file: string): boolean =>
  places.length === 0 || places.some((place) => file === place || file.startsWith(`${place}/`));
const found = findWords(readSources(wordPatterns)).filter(({ file }) => isAsked(file));
for (const { word, file, line, text } of found)
  console.log(`${file}:${line === 0 ? 'name' : line}: ${text.trim()} → ${word.instead}`);
console.log(`${found.length} forbidden words`);
process.exitCode = found.length === 0 ? 0 : 1;
