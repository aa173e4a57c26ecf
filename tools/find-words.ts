/** Finds forbidden words in the text and the names of files. */
import path from 'node:path';
import { forbiddenWords } from './forbidden-words.ts';
import type { ForbiddenWord } from './forbidden-words.ts';
import type { Sources } from './source-tree.ts';

/** The files that are read. Migrations and the history in CHANGELOG.md stay as they were released. */
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
const unread =
  /^(?:bench|suites)\/(?:\w+\/)?(?:results|history)\/|\.gen\.ts$|^tools\/(?:forbidden-words|find-words|english-words)[.\w]*\.ts$/;

/** A place where a forbidden word stands. */
export interface FoundWord {
  readonly word: ForbiddenWord;
  readonly file: string;
  /** Counted from 1; 0 for the name of the file. */
  readonly line: number;
  readonly text: string;
}

/** Every forbidden word in `sources`. Quotes of decision records and the glossary's column of words to avoid are left out. */
export function findWords(sources: Sources, words: readonly ForbiddenWord[] = forbiddenWords): readonly FoundWord[] {
  return [...sources]
    .filter(([file]) => !unread.test(file))
    .flatMap(([file, text]) => {
      const lines = readText(file, text).split('\n');
      return words.flatMap((word) => [...inName(word, file), ...inLines(word, file, lines)]);
    });
}

function readText(file: string, text: string): string {
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
