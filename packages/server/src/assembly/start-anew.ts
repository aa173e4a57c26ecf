import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { programInOneFile } from './one-file.ts';

/**
 * V8 lets the heap of a busy server grow to a multiple of what is alive, because it guesses that memory is free; and the size of
 * the young generation can only be chosen when a process starts. A request's garbage fits into 16 MiB semi-spaces, which are
 * collected when they are full, and the old generation may grow by 40 % between collections. It has four threads that help to collect
 * also where there are fewer cores, and then they keep the program and its database waiting. And it learns from a young generation in
 * which many requests wait that what they are made of lives long, and from then on makes it in the old one, where each request that is
 * over keeps all that it reached until the whole heap is collected.
 */
const flags = [
  '--max-semi-space-size=16',
  '--no-minor-gc-task',
  '--no-allocation-site-pretenuring',
  '--heap-growing-percent=40',
  `--v8-pool-size=${Math.min(availableParallelism(), 4)}`,
];

/** The allocator of glibc gives each of a dozen threads memory of its own, which here is 20 MB that nobody uses; others do not know it. */
const mallocArenasMax = '1';

/** Beside the code it is made from, so that who may change the one may change the other. */
const compileCache = fileURLToPath(new URL('../../../../node_modules/.cache/colloquy-code/', import.meta.url));

/**
 * Starts this program anew in the same process, in one file, with the flags and with a cache of its compiled code, unless it has
 * them. Where that is not possible the program goes on as it is written.
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
