import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process beyond doubt: process ids are used again, start times are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process of the same boot. */
  readonly startedAt: string;
}

/** Undefined when no such process runs; one that has ended and waits to be collected does not run. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : psStart(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** Parses an identity from JSON; undefined for anything else. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isIdentity = typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value;
    if (!isIdentity || typeof value.pid !== 'number' || typeof value.startedAt !== 'string') return undefined;
    return { pid: value.pid, startedAt: value.startedAt };
  } catch {
    return undefined;
  }
}

const bootId = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
const endedStates = new Set(['Z', 'X', 'x']);
const startTimeField = 19;

function linuxStart(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The program's name is in parentheses and may itself contain spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields?.[0], fields?.[startTimeField]];
  if (state === undefined || startTicks === undefined || endedStates.has(state)) return undefined;
  // Ticks count from the boot, so they repeat after a restart of the machine.
  return `${bootId}/${startTicks}`;
}

function psStart(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
