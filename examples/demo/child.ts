import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Env = Readonly<Record<string, string | undefined>>;

/** A process that has said what it had to say before it is of use. */
export interface Child<T> {
  readonly pid: number;
  readonly ready: T;
  /** Resolves when it has ended, for any reason. */
  readonly ended: Promise<void>;
  /** Asks it to finish and waits until it has. Rejects with its last words, and kills it, when it has not after `endMsMax`. */
  stop(): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
}

/** How to start a process of the repository. */
export interface ChildOptions<T> {
  /** Path from the root of the repository, with arguments. */
  readonly argv: readonly string[];
  readonly env: Env;
  /** Reads a line of its output; anything but undefined means that it is ready. */
  readonly readyFrom: (line: Readonly<Record<string, unknown>>) => T | undefined;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const wordsMax = 20;
/** More than any process here takes, also on a busy machine: without a bound, one that hangs would say nothing of it. */
const [readyMsMax, endMsMax] = [90_000, 60_000];

/** Starts a process and waits until it is ready. Rejects with its last words when it ends before, or is not ready after `readyMsMax`. */
export async function startChild<T>({ argv, env, readyFrom }: ChildOptions<T>): Promise<Child<T>> {
  const child = launch(argv, env);
  const ended = endOf(child);
  const words: string[] = [];
  const keep = (line: string): void => {
    words.push(...plainWords(line));
    if (words.length > wordsMax) words.shift();
  };
  const ready = Promise.withResolvers<T>();
  createInterface({ input: child.stderr }).on('line', keep);
  createInterface({ input: child.stdout }).on('line', (line) => {
    keep(line);
    const value = readyFrom(recordOf(line));
    if (value !== undefined) ready.resolve(value);
  });
  const wordsOf = (what: string): Error => new Error(`${argv[0] ?? ''} ${what}:\n  ${words.join('\n  ')}`);
  /** Rejects when it takes longer, and ends the process. */
  const within = async <R>(outcome: Promise<R>, msMax: number, what: string): Promise<R> => {
    const isOver = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      isOver.reject(wordsOf(`${what} after ${msMax / 1000} s`));
      child.kill('SIGKILL');
    }, msMax);
    return Promise.race([outcome, isOver.promise]).finally(() => clearTimeout(timer));
  };
  const readyOrEnded = Promise.race([ready.promise.then((value) => ({ value })), ended]);
  const first = await within(readyOrEnded, readyMsMax, 'was not ready');
  if (first === undefined) throw wordsOf('ended before it was ready');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await within(ended, endMsMax, 'had not ended');
  };
  return {
    pid: child.pid ?? 0,
    ready: first.value,
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Runs a process to its end and gives what it printed. Rejects with its complaints when it fails. */
export async function runChild(argv: readonly string[], env: Env): Promise<string> {
  const child = launch(argv, env);
  let [printed, complaints] = ['', ''];
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (complaints += String(chunk)));
  await endOf(child);
  if (child.exitCode === 0) return printed;
  throw new Error(complaints.trim() || `${argv.join(' ')} failed with ${String(child.exitCode)}`);
}

function launch(argv: readonly string[], env: Env) {
  // In a group of its own: Ctrl-C reaches it through this program, once.
  return spawn(process.execPath, ['--conditions=source', ...argv], {
    cwd: root,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

function endOf(child: ChildProcess): Promise<void> {
  const orphan = (): unknown => child.kill('SIGTERM');
  process.once('exit', orphan);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      process.off('exit', orphan);
      resolve();
    });
  });
}

/** A line of output for people: what a line of log says, unless it only tells how things go. */
function plainWords(line: string): readonly string[] {
  const { level, msg, causes } = recordOf(line);
  if (typeof msg !== 'string') return [line];
  if (level === 'info' || level === 'debug') return [];
  return [`${msg}: ${Array.isArray(causes) ? causes.join(', ') : String(level)}`];
}

function recordOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
