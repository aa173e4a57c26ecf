import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckpointSink } from '../../modules/audit/index.ts';

/**
 * Checkpoints in a directory: a file for each tenant, one line for each checkpoint, only ever appended to. A line that a crash tore is
 * followed by a line end before the next one, so it stays a line of its own that no reader takes for a checkpoint.
 */
export function createCheckpointFiles(directory: string): CheckpointSink {
  const known = new Set<string>();
  return {
    async put(tenantId, _size, line) {
      if (!known.has(directory)) await mkdir(directory, { recursive: true, mode: 0o750 });
      const path = join(directory, `${tenantId}.jsonl`);
      const file = await open(path, 'a+', 0o640);
      try {
        const { size } = await file.stat();
        const isTorn = size > 0 && (await lastByte(file, size)) !== lineEnd;
        await file.appendFile(`${isTorn ? '\n' : ''}${line}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      // The name of a new file must survive too.
      if (!known.has(path)) await syncDirectory(dirname(path));
      if (known.size >= knownMax) known.clear();
      known.add(path).add(directory);
    },
    async has(tenantId, size) {
      const sizes = (await tailOf(join(directory, `${tenantId}.jsonl`))).matchAll(/"size":(\d{1,15}),/g);
      return sizes.some(([, found]) => Number(found) >= size);
    },
  };
}

const lineEnd = 0x0a;
/** Files whose names are known to be on disk; above it, some names are synced again. */
const knownMax = 10_000;

const tailBytesMax = 16 * 1024;

/** The end of a file, many checkpoints long; the empty text for no file. */
async function tailOf(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytesMax);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString();
  } finally {
    await file.close();
  }
}

async function lastByte(file: Awaited<ReturnType<typeof open>>, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0];
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
