import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli } from '../src/cli.ts';

/** What a command line gave. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A configuration folder that no other test and no user sees. */
export function emptyHome(): string {
  return mkdtempSync(path.join(tmpdir(), 'colloquy-cli-'));
}

/** Runs a command line in this process, with an environment of its own. */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const status = await runCli(argv, {
    env: { XDG_CONFIG_HOME: emptyHome(), ...env },
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    signal: new AbortController().signal,
    nowMs: Date.now,
  });
  return { status, stdout, stderr };
}
