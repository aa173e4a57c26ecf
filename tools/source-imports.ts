/** Which modules a file imports, in every form that the language has. */
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNamedImports,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { ImportDeclaration, Node, SourceFile } from 'typescript/unstable/ast';
import { lineOf, stringValue, visit } from './source-tree.ts';

/** One import, re-export, `import()` or `import('…')` type. */
export interface ImportSite {
  /** As written; undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  readonly line: number;
  /** Nothing of it is left at run time. */
  readonly typesOnly: boolean;
  /** The imported names; undefined when the whole module is taken. */
  readonly names: readonly string[] | undefined;
}

/** Every import of `tree`, in the order of the text. */
export function importsOf(tree: SourceFile): readonly ImportSite[] {
  const sites: ImportSite[] = [];
  visit(tree, (node) => {
    const site = siteAt(node);
    if (site !== undefined) sites.push({ ...site, line: lineOf(tree, node) });
  });
  return sites;
}

function siteAt(node: Node): Omit<ImportSite, 'line'> | undefined {
  if (isImportDeclaration(node)) {
    return { specifier: stringValue(node.moduleSpecifier), ...takenByImport(node) };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: stringValue(node.moduleSpecifier), typesOnly: node.isTypeOnly, names: undefined };
  }
  if (isImportTypeNode(node)) {
    const literal = isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    return { specifier: stringValue(literal), typesOnly: true, names: undefined };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return { specifier: stringValue(node.arguments[0]), typesOnly: false, names: undefined };
  }
  return undefined;
}

function takenByImport(node: ImportDeclaration): Pick<ImportSite, 'typesOnly' | 'names'> {
  const clause = node.importClause;
  if (clause === undefined) return { typesOnly: false, names: undefined };
  const bindings = clause.namedBindings;
  const named = bindings !== undefined && isNamedImports(bindings) ? bindings.elements : undefined;
  const wholeClauseIsType = clause.phaseModifier === SyntaxKind.TypeKeyword;
  const everyNameIsType = clause.name === undefined && named !== undefined && named.every((name) => name.isTypeOnly);
  return {
    typesOnly: wholeClauseIsType || everyNameIsType,
    names: clause.name === undefined ? named?.map(({ name, propertyName }) => (propertyName ?? name).text) : undefined,
  };
}
