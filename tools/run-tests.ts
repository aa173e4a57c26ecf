/**
 * Runs every test of the repository. Files run in lanes, one for each core; the files of a lane share a process.
 *
 *   npm test                          all tests
 *   npm test -- ledger                the files whose path contains "ledger"
 *   npm test -- --name='R[1-3]'       the tests whose name matches
 *   npm test -- --lanes=4             so many files at once
 *   npm test -- --record              writes how long the files took to tools/test-durations.json
 *   npm test -- --budget-minutes=10   fails a run that takes longer
 *
 * The last line reads `N passed, N failed[, N skipped]` and counts single tests. The status is 0 only if something ran
 * and nothing failed.
 */
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { longestFirst, readDurations, recordDurations } from './test-durations.ts';
import { TestLane } from './test-lane.ts';
import type { TestFileResult, TestLaneOptions } from './test-lane.ts';

const root = path.dirname(import.meta.dirname);
const patterns = [
  'packages/*/{src,test}/**/*.test.ts',
  'tools/**/*.test.ts',
  'bench/**/*.test.ts',
  'suites/**/*.test.ts',
  'examples/**/*.test.ts',
  'conformance/**/*.test.ts',
];
/** Files of the slowest that a run of all tests ends with. */
const slowestShown = 20;
const globalSetupFile = path.join(root, 'packages/testkit/src/global-setup.ts');

interface Selection {
  readonly files: readonly string[];
  readonly namePattern: string | undefined;
  readonly lanes: number;
  readonly records: boolean;
  readonly budgetMs: number;
}

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** Every argument is part of some file's path; one that is not would choose no test, and look as if there were none. */
function select(args: readonly string[]): Selection {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      lanes: { type: 'string' },
      record: { type: 'boolean' },
      'budget-minutes': { type: 'string' },
    },
  });
  const all = patterns.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }),
  );
  const parts = positionals.map((part) => path.relative(root, path.resolve(root, part)));
  const missing = positionals.find((_, index) => !all.some((file) => file.includes(parts[index] ?? '')));
  if (missing !== undefined)
    throw new Error(`No test file has '${missing}' in its path. Tests are chosen by name with --name='${missing}'.`);
  const chosen = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  return {
    files: longestFirst([...new Set(chosen)].sort(), readDurations()),
    namePattern: values.name,
    lanes: Number(values.lanes ?? Math.max(2, availableParallelism())),
    records: values.record === true,
    budgetMs: Number(values['budget-minutes'] ?? Number.POSITIVE_INFINITY) * 60_000,
  };
}

function printFile(result: TestFileResult): void {
  const { passed, skipped, failures } = result;
  const counts = `${passed} passed${failures.length > 0 ? `, ${failures.length} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const mark = failures.length === 0 ? 'ok  ' : 'FAIL';
  console.log(`${mark} ${path.relative(root, result.file)}  ${counts}  ${Math.round(result.tookMs)} ms`);
}

/** The error without the test runner's own frames, with paths as seen from the root. */
function readable(error: string): string {
  const lines = error.split('\n').filter((line) => !/^\s+at .*\(?node:(internal|async_hooks)/.test(line));
  return lines.map((line) => `    ${line.replaceAll(`${pathToFileURL(root).href}/`, '')}`).join('\n');
}

function printFailures(results: readonly TestFileResult[]): void {
  for (const { file, failures, output } of results) {
    if (failures.length === 0) continue;
    console.log(`\n──── ${path.relative(root, file)}`);
    for (const failure of failures) {
      console.log(`\n✗ ${failure.name}\n  ${failure.where.replace(root + path.sep, '')}`);
      console.log(readable(failure.error));
    }
    if (output.trim() !== '')
      console.log(`\n  what the file printed (tail):\n${output.trimEnd().replaceAll(/^/gm, '  | ')}`);
  }
}

function printSlowest(results: readonly TestFileResult[]): void {
  if (results.length <= slowestShown) return;
  console.log(`\nThe ${slowestShown} slowest files of ${results.length}:`);
  for (const { file, tookMs } of results.toSorted((a, b) => b.tookMs - a.tookMs).slice(0, slowestShown)) {
    console.log(`  ${(tookMs / 1_000).toFixed(1).padStart(6)} s  ${path.relative(root, file)}`);
  }
}

async function runAll(selection: Selection, options: TestLaneOptions, totals: Totals): Promise<void> {
  const results: TestFileResult[] = [];
  const waiting = [...selection.files];
  const runLane = async (): Promise<void> => {
    const lane = new TestLane(options);
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (options.signal?.aborted === true) break;
      const result = await lane.run(path.join(root, file));
      results.push(result);
      totals.passed += result.passed;
      totals.skipped += result.skipped;
      totals.failed += result.failures.length;
      printFile(result);
    }
    const complaint = await lane.close();
    if (complaint !== undefined) throw new Error(complaint);
  };
  await Promise.all(Array.from({ length: selection.lanes }, runLane));
  printFailures(results);
  printSlowest(results);
  if (selection.records) recordDurations(results.map(({ file, tookMs }) => [path.relative(root, file), tookMs]));
}

interface GlobalSetup {
  readonly globalSetup?: () => unknown;
  readonly globalTeardown?: () => unknown;
}

/** What all files share (a template database) is made once, before the first file, and removed after the last. */
async function withGlobalSetup(files: readonly string[], run: () => Promise<void>): Promise<void> {
  const needsPlatform = files.some((file) => !file.startsWith('tools/'));
  if (!needsPlatform || !existsSync(globalSetupFile)) return run();
  const shared = (await import(pathToFileURL(globalSetupFile).href)) as GlobalSetup;
  try {
    await shared.globalSetup?.();
    await run();
  } finally {
    await shared.globalTeardown?.();
  }
}

/** Every file loads the same sources: what the first has compiled, the others only read. It goes with the run, so that it does not grow. */
async function withCompileCache(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'colloquy-compiled-'));
  try {
    await run(folder);
  } finally {
    // A process that ends late may still write to it.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function abortOnSignals(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  return interrupted.signal;
}

async function main(): Promise<void> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const signal = abortOnSignals();
  try {
    const selection = select(process.argv.slice(2));
    const bounds = { testMs: 120_000, fileMs: 600_000, closeMs: 20_000, filesPerProcess: 25 };
    const startedAt = performance.now();
    await withCompileCache(async (compileCache) => {
      const options = { ...bounds, signal, namePattern: selection.namePattern, compileCache };
      await withGlobalSetup(selection.files, () => runAll(selection, options, totals));
    });
    const tookMs = performance.now() - startedAt;
    if (tookMs > selection.budgetMs)
      throw new Error(`The tests took ${(tookMs / 60_000).toFixed(1)} minutes of ${selection.budgetMs / 60_000}.`);
    if (signal.aborted) throw new Error('The run was interrupted; not every test has run.');
  } catch (error) {
    console.log('\nThe test run itself failed:', error);
    totals.failed += 1;
  }
  process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
  // Whatever the shared set-up left open must not keep a finished run alive.
  process.exit();
}

await main();
