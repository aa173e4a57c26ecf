/** Rules that hold for the text of every file we write: what must never be committed. */
import path from 'node:path';
import type { Sources } from './source-tree.ts';

/** A pattern that no line may match. */
export interface TextRule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files the rule is about; all when absent. */
  readonly only?: RegExp;
}

/** Files whose text is checked, besides the TypeScript. */
export const textPatterns: readonly string[] = [
  '*.{md,json,mjs}',
  '.ci/*',
  'docs/**/*.md',
  'packages/*/*.{md,json}',
  'packages/*/{src,test,bin,migrations}/**/*.{ts,mjs,sql,md,json}',
  'bench/**/*.{ts,md}',
  'suites/**/*.{ts,md}',
  'examples/**/*.{ts,md}',
  'conformance/**/*.{ts,md}',
  'tools/**/*.{ts,mjs}',
];

/** The files that spell the patterns out. */
const rulesThemselves: ReadonlySet<string> = new Set([
  'tools/house-rules.ts',
  'tools/house-rules.test.ts',
  'package-lock.json',
]);

const code = /\.(?:ts|tsx|mts|mjs|sql)$/;

/** All text rules. */
export const textRules: readonly TextRule[] = [
  {
    name: 'a private key',
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
    instead: 'make keys when they are needed',
  },
  {
    name: 'a credential',
    pattern:
      /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|xox[abp]-[0-9]{10}|sk-[A-Za-z0-9]{32})/,
    instead: 'make credentials when they are needed, and revoke this one',
  },
  {
    name: 'a signed token',
    pattern: /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/,
    instead: 'sign tokens when they are needed',
  },
  {
    name: 'a path of one machine',
    pattern: /(?<![\w.])\/(?:home\/[a-z][\w-]*|Users\/[A-Za-z][\w-]*|root|work)\//,
    instead: 'use a path from the repository or a temporary folder',
  },
  {
    name: 'a path taken from a URL undecoded',
    pattern: /import\.meta\.url\)\.pathname/,
    instead: 'use fileURLToPath or import.meta.dirname; a folder may have a space in its name',
    only: code,
  },
  {
    name: 'unfinished work',
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    instead: 'finish it, or open an issue',
    only: code,
  },
  {
    name: 'a test that hides others or itself',
    pattern: /\b(?:it|test|describe|suite)\.(?:only|skip|todo)\b|\bonly: true\b/,
    instead: 'run every test; give a reason with { skip: reason } where the machine cannot',
    only: code,
  },
  {
    name: 'a lint rule switched off without a reason',
    pattern: /(?:oxlint|eslint)-disable(?!.* -- \S)/,
    instead: 'write `-- reason` after the name of the rule',
    only: code,
  },
  {
    name: 'the compiler silenced',
    pattern: /@ts-(?:ignore|nocheck|expect-error)/,
    instead: 'say what the types are',
    only: code,
  },
];

/** Names under which design goes to rest. */
const vagueNames: ReadonlySet<string> = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'manager']);

/** Every breach of the text rules and of the naming rules in `sources`, as sentences. */
export function checkHouseRules(sources: Sources): readonly string[] {
  const breaches: string[] = [];
  for (const [file, text] of sources) {
    if (rulesThemselves.has(file)) continue;
    breaches.push(...checkText(file, text), ...checkName(file));
  }
  return breaches;
}

function checkText(file: string, text: string): readonly string[] {
  const rules = textRules.filter(({ only }) => only === undefined || only.test(file));
  return text
    .split('\n')
    .flatMap((line, index) =>
      rules
        .filter(({ pattern }) => pattern.test(line))
        .map(({ name, instead }) => `${file}:${index + 1}: ${name}; ${instead}`),
    );
}

function checkName(file: string): readonly string[] {
  if (!code.test(file)) return [];
  const words = file.split('/').flatMap((part) => part.split(/[-.]/));
  const vague = words.filter((word) => vagueNames.has(word));
  const breaches = vague.map((word) => `${file}: "${word}" says nothing; name it by what it does`);
  const base = path.posix.basename(file);
  if (!/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(base)) breaches.push(`${file}: file names are kebab-case`);
  return breaches;
}
