import { lastLineOf } from './last-line.ts';
import { LocalError } from './usage-error.ts';

const shape = /^\{"hash":"([0-9a-f]{64})",.*,"seq":(\d{1,15}),"tenantId":"[^"]*","v":1\}\}$/;

/** The last audit entry of an export; null for an empty file. A line that was torn is to be removed by whoever tore it. */
export async function lastEntryIn(path: string): Promise<{ readonly seq: number; readonly hash: string } | null> {
  const line = await lastLineOf(path);
  if (line === null) return null;
  const [, hash, seq] = shape.exec(line) ?? [];
  if (hash !== undefined && seq !== undefined) return { seq: Number(seq), hash };
  throw new LocalError(`The last line of ${path} is no audit entry.`, 'Remove that line, or name another file.');
}
