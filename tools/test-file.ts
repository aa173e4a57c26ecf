/** Runs one test file in a process of its own and says what happened to each of its tests. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestFact } from './test-reporter.ts';

/** Bounds and choices of a run; all times in milliseconds. */
export interface TestFileOptions {
  /** Only tests whose name matches this regular expression. */
  readonly namePattern?: string | undefined;
  /** How long one test may take. */
  readonly testMs: number;
  /** How long the whole file may take. */
  readonly fileMs: number;
  /** How long the process may live on after its last test. */
  readonly closeMs: number;
  /** A folder where processes keep what they have compiled, for those that come after them; absent: each compiles anew. */
  readonly compileCache?: string | undefined;
  /** Ends the file early. */
  readonly signal?: AbortSignal | undefined;
}

/** A test that failed, or a file that could not be trusted. */
export interface TestFailure {
  readonly name: string;
  readonly where: string;
  readonly error: string;
}

/** What one file did. A file that crashes, hangs, leaks or holds no test has a failure that says so. */
export interface TestFileResult {
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly TestFailure[];
  /** The tail of what the file printed. */
  readonly output: string;
  readonly tookMs: number;
}

const outputCharsMax = 20_000;
const reporter = path.join(import.meta.dirname, 'test-reporter.ts');

interface Watch {
  passed: number;
  skipped: number;
  readonly failures: TestFailure[];
  /** No test is under way. */
  idle: boolean;
  finished: boolean;
  openResources: readonly string[];
  output: string;
}

function note(watch: Watch, fact: TestFact): void {
  switch (fact.kind) {
    case 'passed':
      watch.passed += 1;
      break;
    case 'skipped':
      watch.skipped += 1;
      break;
    case 'failed':
      watch.failures.push({ name: fact.name, where: fact.where, error: fact.error });
      break;
    case 'busy':
      watch.idle = false;
      break;
    case 'idle':
      watch.idle = true;
      break;
    case 'still-open':
      watch.openResources = fact.resources;
      break;
    case 'finished':
      watch.finished = true;
      break;
  }
}

function start(file: string, options: TestFileOptions): ChildProcess {
  const flags = [`--test-reporter=${reporter}`, `--test-timeout=${options.testMs}`];
  if (options.namePattern !== undefined) flags.push(`--test-name-pattern=${options.namePattern}`);
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  if (options.compileCache !== undefined) env['NODE_COMPILE_CACHE'] ??= options.compileCache;
  // A group of its own, so that whatever the file started can be ended with it.
  return spawn(process.execPath, ['--conditions=source', ...flags, file], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
    env,
  });
}

function keepTail(watch: Watch, stream: Readable | null): void {
  stream?.setEncoding('utf8').on('data', (text: string) => {
    watch.output = (watch.output + text).slice(-outputCharsMax);
  });
}

function groupExists(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** Processes that outlive their file would disturb the next one; they get a moment to finish, then they are ended. */
async function leavesProcesses(leader: number, graceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < graceMs; waitedMs += 50) {
    if (!groupExists(leader)) return false;
    await wait(50);
  }
  killGroup(leader);
  return true;
}

/** Kills the file's processes when a bound is passed; returns the sentence for the report. */
async function overstay(watch: Watch, options: TestFileOptions, ended: AbortSignal): Promise<string | undefined> {
  const stepMs = 100;
  let lived = 0;
  let closing = 0;
  while (!ended.aborted) {
    if (options.signal?.aborted === true) return 'was interrupted';
    if (closing > options.closeMs) {
      const open = watch.openResources.length > 0 ? `: ${watch.openResources.join(', ')}` : '';
      return `kept running after its last test; something is not closed${open}`;
    }
    if (lived > options.fileMs) return `took longer than ${options.fileMs} ms`;
    await wait(stepMs, undefined, { signal: ended }).catch(() => undefined);
    lived += stepMs;
    closing = watch.idle ? closing + stepMs : 0;
  }
  return undefined;
}

function isEmpty(watch: Watch): boolean {
  return watch.passed + watch.skipped + watch.failures.length === 0;
}

/** Why the file as a whole cannot count as good, although its tests may. */
function complaint(watch: Watch, status: { code: number | null; signal: string | null }): string | undefined {
  if (status.code === 0 && !watch.finished) {
    return isEmpty(watch) ? 'ran no test' : 'ended before its tests were finished';
  }
  if (status.signal !== null) return `was ended by ${status.signal}`;
  if (status.code !== 0 && watch.failures.length === 0) return `ended with status ${String(status.code)}`;
  return undefined;
}

async function untilExit(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** Runs one file to its end; never rejects because of what the file does. */
export async function runTestFile(file: string, options: TestFileOptions): Promise<TestFileResult> {
  const startedAt = performance.now();
  const watch: Watch = {
    passed: 0,
    skipped: 0,
    failures: [],
    idle: false,
    finished: false,
    openResources: [],
    output: '',
  };
  const child = start(file, options);
  keepTail(watch, child.stdout);
  keepTail(watch, child.stderr);
  const facts = child.stdio[3] as Readable;
  createInterface({ input: facts }).on('line', (line) => note(watch, JSON.parse(line) as TestFact));
  const ended = new AbortController();
  const watching = overstay(watch, options, ended.signal).then((reason) => {
    if (reason !== undefined) killGroup(child.pid);
    return reason;
  });
  const status = await untilExit(child);
  ended.abort();
  const overstayed = await watching;
  const blame = (error: string): void => {
    watch.failures.push({ name: path.basename(file), where: file, error });
  };
  const reason = overstayed ?? complaint(watch, status);
  if (reason !== undefined) blame(`The file ${reason}.`);
  else if (await leavesProcesses(child.pid ?? 0, options.closeMs)) blame('The file left processes running.');
  const { passed, skipped, failures, output } = watch;
  if (options.namePattern === undefined && isEmpty(watch)) blame('The file ran no test.');
  return { file, passed, skipped, failures, output, tookMs: performance.now() - startedAt };
}
