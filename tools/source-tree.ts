/** The repository's TypeScript files as text and as syntax trees. Nothing is type-checked and no import is followed. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { API } from 'typescript/unstable/sync';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { isNoSubstitutionTemplateLiteral, isStringLiteral } from 'typescript/unstable/ast';
import type { Node, SourceFile } from 'typescript/unstable/ast';

/** Paths from the root of the repository, with forward slashes, to the text of each file. */
export type Sources = ReadonlyMap<string, string>;

/** Paths from the root of the repository to the syntax tree of each file. */
export type Trees = ReadonlyMap<string, SourceFile>;

/** The folder that holds package.json of the whole repository. */
export const repositoryRoot: string = path.dirname(import.meta.dirname);

/** Every TypeScript file we write, in every workspace and in the tools. */
export const sourcePatterns: readonly string[] = [
  'packages/*/{src,test,bin}/**/*.{ts,tsx,mts}',
  'bench/**/*.ts',
  'suites/**/*.ts',
  'examples/**/*.ts',
  'conformance/**/*.ts',
  'tools/**/*.{ts,mjs}',
];

/** Reads the files that match. */
export function readSources(patterns: readonly string[] = sourcePatterns, root: string = repositoryRoot): Sources {
  const found = globSync([...patterns], { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] });
  const files = [...new Set(found)].map((file) => file.split(path.sep).join('/')).sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

/**
 * Parses `sources` and hands the trees to `use`; they are void when it returns. The files exist only in the memory of
 * the parser, so a test can plant what it likes.
 */
export function withTrees<Result>(sources: Sources, use: (trees: Trees) => Result): Result {
  const project = '/tree/tsconfig.json';
  const files = [...sources.keys()];
  const compilerOptions = { noLib: true, noResolve: true, types: [], allowJs: true, module: 'nodenext' };
  const virtual: Record<string, string> = { [project]: JSON.stringify({ compilerOptions, files }) };
  for (const [file, text] of sources) virtual[`/tree/${file}`] = text;
  const api = new API({ cwd: '/tree', fs: createVirtualFileSystem(virtual) });
  try {
    const { program } = openProject(api, project);
    return use(new Map(files.map((file) => [file, treeOf(program.getSourceFile(`/tree/${file}`), file)])));
  } finally {
    api.close();
  }
}

function openProject(api: API, file: string) {
  const project = api.updateSnapshot({ openProjects: [file] }).getProject(file);
  if (project === undefined) throw new Error('The parser did not open the project.');
  return project;
}

function treeOf(tree: SourceFile | undefined, file: string): SourceFile {
  if (tree === undefined) throw new Error(`The parser did not read ${file}.`);
  return tree;
}

/** Visits `node` and everything below it, parents first. */
export function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  node.forEachChild((child) => {
    visit(child, see);
  });
}

/** The line on which `node` begins, counted from 1. */
export function lineOf(tree: SourceFile, node: Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** The value of a string literal; undefined for any other node. */
export function stringValue(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) ? node.text : undefined;
}
