/** Measures files and functions against the budgets of the house. */
import {
  isArrowFunction,
  isBlock,
  isCallExpression,
  isConstructorDeclaration,
  isExpressionStatement,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isIdentifier,
  isMethodDeclaration,
  isPropertyAssignment,
  isPropertyDeclaration,
  isSetAccessorDeclaration,
  isVariableDeclaration,
} from 'typescript/unstable/ast';
import type { Node, SignatureDeclaration, SourceFile } from 'typescript/unstable/ast';
import { lineOf, visit, withTrees } from './source-tree.ts';
import type { Sources } from './source-tree.ts';

/** What is measured: lines of a source file, of a test file and of a function, and the parameters of a function. */
export type SizeRule = 'fileLines' | 'testFileLines' | 'functionLines' | 'parameters';

/** The hard limits. The targets (90 lines a file, 40 a function, 2 parameters) are for reviewers. */
export const sizeLimits: Readonly<Record<SizeRule, number>> = {
  fileLines: 500,
  testFileLines: 600,
  functionLines: 70,
  parameters: 4,
};

/** One measured thing. */
export interface Measurement {
  readonly file: string;
  readonly rule: SizeRule;
  /** The function's name; empty for a file. */
  readonly name: string;
  readonly line: number;
  readonly size: number;
}

/** Lets one thing exceed one budget, up to a limit of its own. */
export interface SizeException {
  readonly file: string;
  readonly rule: SizeRule;
  /** The function's name; the file itself when absent. */
  readonly name?: string;
  /** The largest size accepted here. */
  readonly max: number;
  readonly reason: string;
}

/** All measurements of `sources`, except of generated files. */
export function measure(sources: Sources): readonly Measurement[] {
  const written = new Map([...sources].filter(([file]) => !file.endsWith('.gen.ts')));
  return withTrees(written, (trees) =>
    [...trees].flatMap(([file, tree]) => [fileSize(file, tree), ...functionSizes(file, tree)]),
  );
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts');
}

function fileSize(file: string, { text }: SourceFile): Measurement {
  const size = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { file, rule: isTest(file) ? 'testFileLines' : 'fileLines', name: '', line: 1, size };
}

function functionSizes(file: string, tree: SourceFile): readonly Measurement[] {
  const sizes: Measurement[] = [];
  visit(tree, (node) => {
    if (!isFunction(node) || node.body === undefined) return;
    const name = nameOf(node);
    const line = lineOf(tree, node);
    const lines = tree.getLineAndCharacterOfPosition(node.end).line + 2 - line;
    if (!(isTest(file) && isSuite(node))) sizes.push({ file, rule: 'functionLines', name, line, size: lines });
    sizes.push({ file, rule: 'parameters', name, line, size: node.parameters.length });
  });
  return sizes;
}

type FunctionNode = SignatureDeclaration & { readonly body?: Node };

function isFunction(node: Node): node is FunctionNode {
  return (
    isFunctionDeclaration(node) ||
    isFunctionExpression(node) ||
    isArrowFunction(node) ||
    isMethodDeclaration(node) ||
    isConstructorDeclaration(node) ||
    isGetAccessorDeclaration(node) ||
    isSetAccessorDeclaration(node)
  );
}

const testWords: ReadonlySet<string> = new Set(['describe', 'suite', 'it', 'test']);

/** What defines tests, one after the other, is a list of tests and not a function that a reader has to follow. */
function isSuite({ body, parent }: FunctionNode): boolean {
  const isDescribed =
    isCallExpression(parent) && isIdentifier(parent.expression) && parent.expression.text === 'describe';
  return isDescribed || (body !== undefined && isBlock(body) && body.statements.some(definesTest));
}

function definesTest(statement: Node): boolean {
  if (!isExpressionStatement(statement) || !isCallExpression(statement.expression)) return false;
  const callee = statement.expression.expression;
  return isIdentifier(callee) && testWords.has(callee.text);
}

function nameOf(node: FunctionNode): string {
  if (isConstructorDeclaration(node)) return 'constructor';
  const named = 'name' in node && node.name !== undefined ? node : node.parent;
  const hasName =
    isVariableDeclaration(named) || isPropertyAssignment(named) || isPropertyDeclaration(named) || named === node;
  const name = hasName && 'name' in named ? (named.name as Node | undefined) : undefined;
  return name !== undefined && 'text' in name ? String(name.text) : '(anonymous)';
}

/** What is too large, and which exceptions are not needed. */
export interface SizeReport {
  readonly violations: readonly string[];
  readonly unused: readonly SizeException[];
}

/** Compares measurements with the limits. */
export function checkSizes(measurements: readonly Measurement[], exceptions: readonly SizeException[]): SizeReport {
  const used = new Set<SizeException>();
  const tooLarge = measurements.filter((measured) => {
    const { rule, size } = measured;
    if (size <= sizeLimits[rule]) return false;
    const exception = exceptions.find((entry) => covers(entry, measured));
    if (exception !== undefined) used.add(exception);
    return exception === undefined;
  });
  return { violations: tooLarge.map(describe), unused: exceptions.filter((entry) => !used.has(entry)) };
}

function covers(entry: SizeException, { file, rule, name, size }: Measurement): boolean {
  return entry.file === file && entry.rule === rule && (entry.name ?? '') === name && size <= entry.max;
}

function describe({ file, rule, name, line, size }: Measurement): string {
  const what = { fileLines: 'lines', testFileLines: 'lines', functionLines: 'lines', parameters: 'parameters' }[rule];
  return `${file}:${line}: ${name === '' ? 'the file' : name} has ${size} ${what}; the limit is ${sizeLimits[rule]}`;
}

/** The median, 95th percentile and largest of some sizes; zeros when there are none. */
export function spread(sizes: readonly number[]): { median: number; p95: number; max: number } {
  const sorted = [...sizes].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}
