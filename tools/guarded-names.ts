/** Finds where code reaches for the clock, for randomness or for the process instead of being given them. */
import {
  isBindingElement,
  isFunctionDeclaration,
  isIdentifier,
  isImportSpecifier,
  isNewExpression,
  isParameterDeclaration,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isQualifiedName,
  isVariableDeclaration,
  SyntaxKind,
} from 'typescript/unstable/ast';
import type { Identifier, Node, SourceFile } from 'typescript/unstable/ast';
import { guardedGlobals, guardedMembers } from './layering-rules.ts';
import { lineOf, visit } from './source-tree.ts';

/** One use of a guarded global. */
export interface GuardedUse {
  readonly line: number;
  /** As written: `Date.now`, `process`. */
  readonly name: string;
  /** What to do instead. */
  readonly instead: string;
}

/** Every use of a guarded global in `tree`. A name that the file declares itself is not the global. */
export function guardedUsesIn(tree: SourceFile): readonly GuardedUse[] {
  const own = declaredNames(tree);
  const uses: GuardedUse[] = [];
  visit(tree, (node) => {
    const found = guardedUseAt(node, own);
    if (found !== undefined) uses.push({ ...found, line: lineOf(tree, node) });
  });
  return uses;
}

function guardedUseAt(node: Node, own: ReadonlySet<string>): Omit<GuardedUse, 'line'> | undefined {
  if (isPropertyAccessExpression(node) && isIdentifier(node.expression) && isIdentifier(node.name)) {
    return namedUse(`${node.expression.text}.${node.name.text}`, guardedMembers);
  }
  if (isNewExpression(node) && isIdentifier(node.expression) && node.expression.text === 'Date') {
    const readsClock = (node.arguments?.length ?? 0) === 0;
    return readsClock ? { name: 'new Date()', instead: 'time arrives as an argument (kernel Clock)' } : undefined;
  }
  if (isIdentifier(node) && !own.has(node.text) && isReference(node)) return namedUse(node.text, guardedGlobals);
  return undefined;
}

function namedUse(name: string, table: ReadonlyMap<string, string>): Omit<GuardedUse, 'line'> | undefined {
  const instead = table.get(name);
  return instead === undefined ? undefined : { name, instead };
}

/** Whether the identifier stands for a value, not for the name of a member or of a type's property. */
function isReference(node: Identifier): boolean {
  const { parent } = node;
  if (isPropertyAccessExpression(parent)) return parent.expression === node;
  if (isQualifiedName(parent)) return parent.left === node;
  if (isPropertyAssignment(parent)) return parent.initializer === node;
  return !memberKinds.has(parent.kind);
}

const memberKinds: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.PropertySignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

function declaredNames(tree: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visit(tree, (node) => {
    const name = declaredName(node);
    if (name !== undefined) names.add(name);
  });
  return names;
}

function declaredName(node: Node): string | undefined {
  const declares =
    isVariableDeclaration(node) ||
    isParameterDeclaration(node) ||
    isBindingElement(node) ||
    isFunctionDeclaration(node) ||
    isImportSpecifier(node);
  return declares && node.name !== undefined && isIdentifier(node.name) ? node.name.text : undefined;
}
