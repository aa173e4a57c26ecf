/**
 * V8 lets the heap of a busy server grow to a multiple of what is alive, because it guesses that memory is free; and the size of
 * the young generation can only be chosen when a process starts. A request's garbage fits into 16 MiB semi-spaces, and the old
 * generation may grow by 60 % between collections.
 */
const heapFlags = ['--max-semi-space-size=16', '--heap-growing-percent=60'];

/** Starts this program anew in the same process, with the flags, unless it has them. Where that is not possible it goes on without. */
export function withHeapFlags(): void {
  const isDone = heapFlags.every((flag) => process.execArgv.includes(flag));
  if (isDone || process.execve === undefined || process.platform === 'win32') return;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...heapFlags, ...process.argv.slice(1)]);
}
