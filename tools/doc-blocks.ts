/** Finds exports that say nothing about themselves where readers depend on the words: published packages and ports. */
import {
  isEnumDeclaration,
  isClassDeclaration,
  isFunctionDeclaration,
  isInterfaceDeclaration,
  isTypeAliasDeclaration,
  isVariableStatement,
  isIdentifier,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Node, SourceFile, Statement } from 'typescript/unstable/ast';
import { lineOf, withTrees } from './source-tree.ts';
import type { Sources } from './source-tree.ts';

/** Where every export has a doc block: the published packages, and the ports, which are what adapters implement. */
export const documentedPaths: readonly RegExp[] = [
  /^packages\/protocol\/src\//,
  /^packages\/sdk\/src\//,
  /^packages\/server\/src\/kernel\/(?:clock|random)\.ts$/,
  /^packages\/server\/src\/modules\/[a-z]+\/[a-z-]+-(?:store|port|source|log|queue)\.ts$/,
];

/** The exports of `sources` that have no doc block, as `file:line: name`. */
export function undocumentedExports(sources: Sources): readonly string[] {
  const covered = [...sources].filter(
    ([file]) => !file.endsWith('.test.ts') && documentedPaths.some((path) => path.test(file)),
  );
  return withTrees(new Map(covered), (trees) =>
    [...trees].flatMap(([file, tree]) =>
      tree.statements
        .filter((statement) => isExportedDeclaration(statement) && !hasDocBlock(statement, tree))
        .map((statement) => `${file}:${lineOf(tree, statement)}: ${nameOf(statement)}`),
    ),
  );
}

function isExportedDeclaration(statement: Statement): boolean {
  const declares =
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement) ||
    isEnumDeclaration(statement) ||
    isVariableStatement(statement);
  return declares && statement.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) === true;
}

/** Overloads share the block of the first; the text between two statements belongs to the second. */
function hasDocBlock(statement: Statement, tree: SourceFile): boolean {
  if (tree.text.slice(statement.pos, statement.getStart(tree)).includes('/**')) return true;
  if (!isFunctionDeclaration(statement)) return false;
  const place = tree.statements.indexOf(statement);
  const before = tree.statements[place - 1];
  const isOverload = before !== undefined && isFunctionDeclaration(before) && before.body === undefined;
  return isOverload && nameOf(before) === nameOf(statement) && hasDocBlock(before, tree);
}

function nameOf(statement: Statement): string {
  const declared: Node | undefined = isVariableStatement(statement)
    ? statement.declarationList.declarations[0]
    : statement;
  const name = declared !== undefined && 'name' in declared ? (declared.name as Node) : undefined;
  return name !== undefined && isIdentifier(name) ? name.text : 'export';
}
