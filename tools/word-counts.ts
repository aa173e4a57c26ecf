/** Finds forbidden words in the text and the names of files, and compares their number with a baseline. */
import path from 'node:path';
import { forbiddenWords } from './forbidden-words.ts';
import type { ForbiddenWord } from './forbidden-words.ts';
import type { Sources } from './source-tree.ts';

/** Files whose words count. Migrations and the history in CHANGELOG.md stay as they were released. */
export const wordPatterns: readonly string[] = [
  '{README,AGENTS,CONTRIBUTING,SECURITY}.md',
  'docs/**/*.md',
  'packages/*/*.md',
  'packages/*/{src,test,bin}/**/*.{ts,mjs,md,sql,txt}',
  '{bench,suites}/**/*.{ts,md}',
  'conformance/**/*.{ts,md}',
  'examples/**/*.{ts,md}',
  'tools/**/*.{ts,mjs}',
];

/** Measurements of past commits, generated code, and the files that spell the words out. */
const uncounted =
  /^(?:bench|suites)\/(?:\w+\/)?(?:results|history)\/|\.gen\.ts$|^tools\/(?:forbidden-words|word-counts|english-words)[.\w]*\.ts$/;

/** A place where a forbidden word stands. */
export interface FoundWord {
  readonly word: ForbiddenWord;
  readonly file: string;
  /** Counted from 1; 0 for the name of the file. */
  readonly line: number;
  readonly text: string;
}

/** How often each word stands in each area. A word or an area without any is left out. */
export type WordCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Every forbidden word in `sources`. Quotes of decision records and the glossary's column of words to avoid do not count. */
export function findWords(sources: Sources, words: readonly ForbiddenWord[] = forbiddenWords): readonly FoundWord[] {
  return [...sources]
    .filter(([file]) => !uncounted.test(file))
    .flatMap(([file, text]) => {
      const lines = countedText(file, text).split('\n');
      return words.flatMap((word) => [...inName(word, file), ...inLines(word, file, lines)]);
    });
}

function countedText(file: string, text: string): string {
  if (file === 'docs/glossary.md') return text.replaceAll(/\|[^|\n]*\|$/gm, '|');
  return file.startsWith('docs/decisions/') ? withoutQuotes(text) : text;
}

function withoutQuotes(text: string): string {
  return text.replaceAll(/^>.*$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** A name in kebab-case is also read as an identifier and as prose. */
function inName(word: ForbiddenWord, file: string): readonly FoundWord[] {
  const name = path.posix.basename(file).replace(/\..*$/, '');
  const parts = name.split('-');
  const identifier = parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join('');
  const isFound = [name, parts.join(' '), identifier].some((text) => matchesIn(word, file, text).length > 0);
  return isFound ? [{ word, file, line: 0, text: name }] : [];
}

function inLines(word: ForbiddenWord, file: string, lines: readonly string[]): readonly FoundWord[] {
  return lines.flatMap((line, index) =>
    matchesIn(word, file, line).map((text) => ({ word, file, line: index + 1, text })),
  );
}

function matchesIn({ pattern, exceptions = [] }: ForbiddenWord, file: string, line: string): readonly string[] {
  let left = line;
  for (const { files, text } of exceptions) {
    if (files !== undefined && !files.test(file)) continue;
    if (text === undefined) return [];
    left = left.replaceAll(text, '');
  }
  return left.match(pattern) ?? [];
}

/** The part of the repository that a file counts for. */
export function areaOf(file: string): string {
  const [top = '', second = '', third = ''] = file.split('/');
  if (second === '') return 'root';
  if (top === 'packages' && second === 'server') return `packages/server/${third}`;
  if (top === 'packages' || (top === 'docs' && second === 'decisions')) return `${top}/${second}`;
  // Suites move from bench/ to suites/; a move is no new word.
  return top === 'bench' || top === 'suites' ? 'bench and suites' : top;
}

/** Counts what was found, by word and area, both in alphabetical order. */
export function countWords(found: readonly FoundWord[]): WordCounts {
  const counts: Record<string, Record<string, number>> = {};
  for (const { word, file } of found) {
    const ofWord = (counts[word.name] ??= {});
    const area = areaOf(file);
    ofWord[area] = (ofWord[area] ?? 0) + 1;
  }
  return Object.fromEntries(sorted(counts).map(([name, areas]) => [name, Object.fromEntries(sorted(areas))]));
}

function sorted<Value>(record: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The sum over all areas of a word. */
export function totalOf(areas: Readonly<Record<string, number>> = {}): number {
  return Object.values(areas).reduce((sum, count) => sum + count, 0);
}

/** What grew since the baseline, as sentences. */
export function grownSince(baseline: WordCounts, counts: WordCounts): readonly string[] {
  return Object.entries(counts).flatMap(([name, areas]) =>
    Object.entries(areas)
      .filter(([area, count]) => count > (baseline[name]?.[area] ?? 0))
      .map(([area, count]) => `${area}: "${name}" stands there ${count} times; ${baseline[name]?.[area] ?? 0} may`),
  );
}

/** The words of which there are more than in the baseline, wherever they stand. */
export function wordsThatGrew(baseline: WordCounts, counts: WordCounts): readonly string[] {
  return Object.keys(counts).filter((name) => totalOf(counts[name]) > totalOf(baseline[name]));
}
