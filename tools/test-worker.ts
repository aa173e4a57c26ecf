/**
 * Runs test files one after the other in one process, as the runner names them over the IPC channel. Files share the
 * modules that they load; each still has to close what it opens, and the environment is put back after each.
 */
import { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { activity, tell } from './test-reporter.ts';

/** What the runner asks of this process. */
export interface WorkerOrder {
  readonly file: string;
  /** How long the file may take to close what it opened. */
  readonly closeMs: number;
}

/** What is open beside anything of the tests: the pipes of the process. */
const ownResources = new Set(['PipeWrap', 'TTYWrap', 'Immediate', 'CloseReq', 'TickObject']);
/** A file whose tests begin later than this after it has loaded has none. */
const firstTestMs = 100;
const stepMs = 5;

/** Resources that keep the process alive. Called from a timer's own callback, when that timer is not among them. */
function openResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => !ownResources.has(name));
}

/** Where open connections lead, to find the test that left them. */
function openSockets(): readonly string[] {
  // Node documents no other way to see them; only a message is made of it.
  const { _getActiveHandles: handles } = process as unknown as { readonly _getActiveHandles: () => readonly unknown[] };
  return handles()
    .filter((handle) => handle instanceof Socket && handle.remotePort !== undefined)
    .map((handle) => {
      const { localPort, remotePort, bytesRead, bytesWritten } = handle as Socket;
      return `${String(localPort)} to ${String(remotePort)} (${bytesRead} bytes read, ${bytesWritten} written)`;
    });
}

async function untilTestsEnd(enqueuedBefore: number): Promise<void> {
  for (let waitedMs = 0; activity.enqueuedTotal === enqueuedBefore; waitedMs += stepMs) {
    if (waitedMs > firstTestMs) return;
    await wait(stepMs);
  }
  // Twice in a row: the reporter hears of a test a moment after it was made.
  for (let quiet = 0; quiet < 2; quiet = activity.isIdle ? quiet + 1 : 0) await wait(stepMs);
}

async function untilClosed(closeMs: number): Promise<readonly string[]> {
  let open = openResources();
  for (let waitedMs = 0; open.length > 0 && waitedMs < closeMs; waitedMs += stepMs) {
    await wait(stepMs);
    open = openResources();
  }
  return open;
}

function restoreEnvironment(before: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
}

async function runFile({ file, closeMs }: WorkerOrder): Promise<void> {
  const environment = { ...process.env };
  const enqueuedBefore = activity.enqueuedTotal;
  let isSound = true;
  const fail = (error: string): void => {
    isSound = false;
    tell({ kind: 'failed', name: path.basename(file), where: file, error });
  };
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    fail(`The file could not be loaded.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  await untilTestsEnd(enqueuedBefore);
  const open = await untilClosed(closeMs);
  if (open.length > 0) {
    const what = [...open, ...openSockets()].join(', ');
    fail(`The file kept running after its last test; something is not closed: ${what}.`);
  }
  if (process.exitCode !== undefined && process.exitCode !== 0) {
    fail(`An error came after the test that caused it.\n${lastUncaught}`);
  }
  process.exitCode = undefined;
  restoreEnvironment(environment);
  // What an unsound file left behind must not reach the next one: the runner starts another process.
  tell({ kind: 'file-ended', isSound });
}

// Node blames a running test for an error, or else says so with the status of the process.
let lastUncaught = '';
process.on('uncaughtExceptionMonitor', (error) => (lastUncaught = error.stack ?? error.message));
process.on('message', (order: WorkerOrder) => void runFile(order));
