/** Runs test files, one at a time, in a process that the files of a lane share, and says what happened to each of their tests. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestFact } from './test-reporter.ts';
import type { WorkerOrder } from './test-worker.ts';

/** Bounds and choices of a run; all times in milliseconds. */
export interface TestLaneOptions {
  /** Only tests whose name matches this regular expression. */
  readonly namePattern?: string | undefined;
  /** How long one test may take. */
  readonly testMs: number;
  /** How long the whole file may take. */
  readonly fileMs: number;
  /** How long a file may take to close what it opened. */
  readonly closeMs: number;
  /** Files that one process runs before another takes its place, so that its memory stays bounded. */
  readonly filesPerProcess: number;
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
const folder = import.meta.dirname;
/** The first line of a file whose tests judge, or change, the process that they run in. */
const runsAlone = /^\/\/ Runs alone: /;

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process that runs test files. */
class Worker {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  filesBegun = 0;
  hasExited = false;
  #output = '';
  #onFact: (fact: TestFact) => void = () => undefined;

  constructor({ namePattern, testMs, compileCache }: TestLaneOptions) {
    const flags = [`--test-reporter=${path.join(folder, 'test-reporter.ts')}`, `--test-timeout=${testMs}`];
    if (namePattern !== undefined) flags.push(`--test-name-pattern=${namePattern}`);
    const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
    if (compileCache !== undefined) env['NODE_COMPILE_CACHE'] ??= compileCache;
    // A group of its own, so that whatever the files started can be ended with it.
    const script = path.join(folder, 'test-worker.ts');
    this.child = spawn(process.execPath, ['--conditions=source', ...flags, script], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
      detached: true,
      env,
    });
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        this.hasExited = true;
        resolve({ code, signal });
      });
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-outputCharsMax);
      });
    }
    const facts = this.child.stdio[3] as Readable;
    createInterface({ input: facts }).on('line', (line) => this.#onFact(JSON.parse(line) as TestFact));
  }

  begin(order: WorkerOrder, onFact: (fact: TestFact) => void): void {
    this.filesBegun += 1;
    this.#output = '';
    this.#onFact = onFact;
    this.child.send(order);
  }

  get output(): string {
    return this.#output;
  }

  kill(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  }

  /** Whether any process of the group, the worker or one that a file started, is still there after `graceMs`. */
  async leavesProcesses(graceMs: number): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += 50) {
      if (!groupExists(this.child.pid)) return false;
      await wait(50);
    }
    this.kill();
    return true;
  }
}

function groupExists(leader: number | undefined): boolean {
  try {
    if (leader !== undefined) process.kill(-leader, 0);
    return leader !== undefined;
  } catch {
    return false;
  }
}

/** What is known of the file under way. */
interface Watch {
  passed: number;
  skipped: number;
  readonly failures: TestFailure[];
  ended: { readonly isSound: boolean } | null;
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
    case 'file-ended':
      watch.ended = { isSound: fact.isSound };
      break;
  }
}

function isEmpty(watch: Watch): boolean {
  return watch.passed + watch.skipped + watch.failures.length === 0;
}

/** Runs files one after the other. Close it when the last has run. */
export class TestLane {
  readonly #options: TestLaneOptions;
  #worker: Worker | null = null;

  constructor(options: TestLaneOptions) {
    this.#options = options;
  }

  /** Runs one file to its end; never rejects because of what the file does. */
  async run(file: string): Promise<TestFileResult> {
    const startedAt = performance.now();
    const isAlone = runsAlone.test(readFileSync(file, 'utf8'));
    if (isAlone) await this.close();
    const watch: Watch = { passed: 0, skipped: 0, failures: [], ended: null };
    const blame = (error: string): void => {
      watch.failures.push({ name: path.basename(file), where: file, error });
    };
    const worker = (this.#worker ??= new Worker(this.#options));
    const reason = await this.#follow(worker, watch, file);
    if (reason !== undefined) blame(`The file ${reason}.`);
    else if (this.#options.namePattern === undefined && isEmpty(watch)) blame('The file ran no test.');
    const isSpent = isAlone || worker.filesBegun >= this.#options.filesPerProcess;
    if (reason !== undefined || watch.ended?.isSound !== true) {
      worker.kill();
      this.#worker = null;
      await worker.exited;
    } else if (isSpent && (await this.#retire(worker))) {
      blame('The file, or one before it in the same process, left processes running.');
    }
    const { passed, skipped, failures } = watch;
    return { file, passed, skipped, failures, output: worker.output, tookMs: performance.now() - startedAt };
  }

  /** Ends the process of the lane. Returns what is to be said against the files that it ran. */
  async close(): Promise<string | undefined> {
    const worker = this.#worker;
    if (worker === null) return undefined;
    return (await this.#retire(worker)) ? 'A test file left processes running.' : undefined;
  }

  async #retire(worker: Worker): Promise<boolean> {
    this.#worker = null;
    if (worker.child.connected) worker.child.disconnect();
    return worker.leavesProcesses(this.#options.closeMs);
  }

  /** Resolves when the file has ended, with the sentence for the report when that was not as it should be. */
  async #follow(worker: Worker, watch: Watch, file: string): Promise<string | undefined> {
    const ended = Promise.withResolvers<undefined>();
    worker.begin({ file, closeMs: this.#options.closeMs }, (fact) => {
      note(watch, fact);
      if (fact.kind === 'file-ended') ended.resolve(undefined);
    });
    const over = new AbortController();
    const overstayed = overstay(this.#options, over.signal);
    const exited = worker.exited.then((exit) => exitReason(watch, exit));
    const reason = await Promise.race([ended.promise, exited, overstayed]);
    over.abort();
    return reason;
  }
}

/** Why a process that was to run further files has ended. */
function exitReason(watch: Watch, { code, signal }: Exit): string {
  if (signal !== null) return `was ended by ${signal}`;
  if (code !== 0) return `ended its process with status ${String(code)}`;
  return isEmpty(watch) ? 'ran no test' : 'ended before its tests were finished';
}

/** Resolves with the sentence for the report when a bound is passed. */
async function overstay(options: TestLaneOptions, over: AbortSignal): Promise<string | undefined> {
  const stepMs = 100;
  for (let livedMs = 0; !over.aborted; livedMs += stepMs) {
    if (options.signal?.aborted === true) return 'was interrupted';
    if (livedMs > options.fileMs) return `took longer than ${options.fileMs} ms`;
    await wait(stepMs, undefined, { signal: over }).catch(() => undefined);
  }
  return undefined;
}
