import { open } from 'node:fs/promises';

/** Longer than any line that is looked for. */
const tailBytesMax = 256 * 1024;

/** The last line of a file without its line end; null for a file that is empty or not there. */
export async function lastLineOf(path: string): Promise<string | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytesMax);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString().replace(/\n$/, '').split('\n').at(-1) || null;
  } finally {
    await file.close();
  }
}
