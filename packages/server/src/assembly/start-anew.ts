import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { programInOneFile } from './one-file.ts';

/**
 * Flags of V8 that can only be set when a process starts:
 *
 * - V8 lets the heap of a busy server grow to a multiple of the live objects. The garbage of a request fits into semi-spaces of 16 MiB, which
 *   are collected when they are full, and the old generation may grow by 40 % between collections.
 * - V8 uses four helper threads for collections, also on fewer cores, where they delay the program and its database.
 * - While many requests wait, V8 learns that their objects live long and allocates them in the old generation. A finished request then stays
 *   in memory until the whole heap is collected.
 */
const flags = [
  '--max-semi-space-size=16',
  '--no-minor-gc-task',
  '--no-allocation-site-pretenuring',
  '--heap-growing-percent=40',
  `--v8-pool-size=${Math.min(availableParallelism(), 4)}`,
];

/** The allocator of glibc reserves memory for each of a dozen threads: 20 MB that stay unused here. Other allocators ignore the variable. */
const mallocArenasMax = '1';

/** Beside the code that it is compiled from, so that the same users can write both. */
const compileCache = fileURLToPath(new URL('../../../../node_modules/.cache/colloquy-code/', import.meta.url));

/**
 * Replaces this process by the program in one file, with these flags and a cache of compiled code, unless it already has the flags. Where
 * that is not possible, the program continues from its source.
 */
export async function startAnew(): Promise<void> {
  const isDone = flags.every((flag) => process.execArgv.includes(flag));
  if (isDone || process.execve === undefined || process.platform === 'win32') return;
  const [, written = '', ...args] = process.argv;
  const program = (await programInOneFile()) ?? written;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...flags, program, ...args], {
    NODE_COMPILE_CACHE: compileCache,
    MALLOC_ARENA_MAX: mallocArenasMax,
    ...process.env,
  });
}
