/** How the platform's process ended. */
export interface ServerEnd {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  /** The causes in the fatal lines of its log, and what it wrote to stderr, oldest first. */
  readonly said: readonly string[];
}

/** Why the platform ended, in a sentence or several lines, and what the operator does next. */
export interface EndReason {
  readonly why: string;
  readonly remedy: string;
}

const diskFull = /disk-full|ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/;
/** V8 names the place and the reason: `FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory`. */
const fatalOfV8 = /^(?:FATAL ERROR: |# Fatal error in [^\n]*\n# )(.*)/m;
const outOfMemory = /out of memory|heap limit|ERR_WORKER_OUT_OF_MEMORY/i;
/** The last collection before the end: `Mark-Compact 1012.3 (1050.1) -> 1011.9 (1051.0) MB`. */
const heapOfV8 = /-> ([\d.]+) \([\d.]+\) MB/g;
/** Native frames and the banner of Node say nothing to an operator. */
const noise = /^\s*(?:\d+: 0x|at |Node\.js v|<---|----- |\[\d+:0x|$)/;
const linesMax = 6;

const startAgain = 'and start the platform again.';

/** Explains the end of a process that was not asked to stop. */
export function explainEnd({ status, signal, said }: ServerEnd, dataFolder: string): EndReason {
  const text = said.join('\n');
  if (diskFull.test(text)) {
    return {
      why: `There is no space left on the disk of ${placeOf(text) ?? dataFolder}.`,
      remedy: `Free space there, or choose another data folder with --data-dir, ${startAgain}`,
    };
  }
  const fatal = fatalOfV8.exec(text)?.[1];
  if (fatal !== undefined && outOfMemory.test(fatal)) {
    const heap = [...text.matchAll(heapOfV8)].at(-1)?.[1];
    const used = heap === undefined ? '' : ` at ${Math.round(Number(heap))} MB of heap`;
    return {
      why: `The platform ran out of memory${used} (${fatal}).`,
      remedy: `Allow it more with NODE_OPTIONS=--max-old-space-size=<MB>, ${startAgain}`,
    };
  }
  if (fatal !== undefined)
    return { why: `V8 ended the platform: ${fatal}`, remedy: 'Report this, and start it again.' };
  if (signal === 'SIGKILL') {
    return {
      why: 'The platform was killed (SIGKILL), which the operating system does when the memory of the machine or container is used up.',
      remedy: `Look for "Out of memory" in the log of the system, give it more memory, ${startAgain}`,
    };
  }
  const fallback = signal === null ? `It ended with status ${String(status)}.` : `The signal ${signal} ended it.`;
  return { why: linesOf(said) || fallback, remedy: 'Fix the cause; "colloquy doctor" checks this machine.' };
}

/** The folder that PostgreSQL or Node names with the error. */
function placeOf(text: string): string | undefined {
  return /(?:PostgreSQL on|database in) (\/[^\s:]+)/.exec(text)?.[1];
}

function linesOf(said: readonly string[]): string {
  const lines = said.flatMap((piece) => piece.split('\n')).filter((line) => !noise.test(line));
  return lines.slice(-linesMax).join('\n  ');
}
