import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readyLine, tailOf } from './log-lines.ts';

export interface ProgramOptions {
  /** For messages. */
  readonly label: string;
  readonly script: URL;
  readonly args?: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output and standard error go here, so that draining them takes no time from what is measured. */
  readonly logFile: string;
  readonly readyMsMax: number;
  /** The program ends by itself when this process does. Needs a program that calls `announce`. */
  readonly tethered: boolean;
}

/** A child process that said it is ready. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** The fields of its ready line. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly running: () => boolean;
  /** Sends a message to a tethered program. */
  tell(message: string): void;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when that does not end it within the bound. */
  stop(): Promise<void>;
}

const stopMsMax = 15_000;
const pollMs = 15;

/** The flag that makes Node read the workspace's packages from their source. */
export const sourceCondition = '--conditions=source';

/** The environment of a child process: that of this one without the variable of the tests, which the platform refuses. */
export function childEnvironment(env: ProgramOptions['env']): NodeJS.ProcessEnv {
  const { COLLOQUY_TEST_ADMIN_URL: _ofTests, ...own } = process.env;
  return { ...own, ...env };
}

export async function startProgram(options: ProgramOptions): Promise<Program> {
  const log = openSync(options.logFile, 'w');
  const child = spawn(process.execPath, [sourceCondition, fileURLToPath(options.script), ...(options.args ?? [])], {
    env: childEnvironment(options.env),
    stdio: options.tethered ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  closeSync(log);
  const exited = once(child, 'exit');
  exited.catch(() => {});
  // SIGTERM, so that a platform takes its own children along.
  const endWithUs = (): void => void child.kill('SIGTERM');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running()) child.kill(signal);
    if (running()) await exited;
  };
  const ready = await untilReady(child, options, running).catch(async (error: unknown) => {
    await end('SIGKILL');
    throw error;
  });
  const stop = async (): Promise<void> => {
    await Promise.race([end('SIGTERM'), wait(stopMsMax, undefined, { ref: false })]);
    await end('SIGKILL');
  };
  const tell = (message: string): void => void child.send(message);
  return { pid: child.pid ?? 0, ready, running, tell, kill: () => end('SIGKILL'), stop, [Symbol.asyncDispose]: stop };
}

async function untilReady(
  child: ChildProcess,
  { label, logFile, readyMsMax }: ProgramOptions,
  running: () => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const deadlineMs = performance.now() + readyMsMax;
  for (;;) {
    const log = readFileSync(logFile, 'utf8');
    const ready = readyLine(log);
    if (ready !== undefined) return ready;
    if (!running())
      throw new Error(
        `${label} ended (${child.exitCode ?? child.signalCode ?? 'unknown'}) before it was ready:\n${tailOf(log)}`,
      );
    if (performance.now() > deadlineMs)
      throw new Error(`${label} was not ready within ${readyMsMax} ms:\n${tailOf(log)}`);
    await wait(pollMs);
  }
}

/** Makes an interrupted run end through `process.exit`, so that it takes its programs along. */
export function endProgramsOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
}
