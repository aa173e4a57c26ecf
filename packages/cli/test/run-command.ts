import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli } from '../src/cli.ts';

/** What a command line gave. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that may still be at work. */
export interface RunningCommand {
  /** What it has printed so far. */
  readonly stdout: string;
  readonly result: Promise<CommandResult>;
  /** Does what Ctrl-C does. */
  interrupt(): void;
}

/** A configuration folder that no other test and no user sees. It goes with this process. */
export function emptyHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'colloquy-cli-'));
  homes.push(home);
  return home;
}

const homes: string[] = [];
process.once('exit', () => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** Starts a command line in this process, with an environment of its own. */
export function startCommand(argv: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
  const printed = { stdout: '', stderr: '' };
  const stop = new AbortController();
  const status = runCli(argv, {
    env: { XDG_CONFIG_HOME: emptyHome(), ...env },
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    signal: stop.signal,
    nowMs: Date.now,
  });
  return {
    get stdout() {
      return printed.stdout;
    },
    result: status.then((code) => ({ status: code, ...printed })),
    interrupt: () => stop.abort(),
  };
}

/** Runs a command line to its end. */
export function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return startCommand(argv, env).result;
}
