/** How long each test file took when that was last recorded, so that the longest begin first. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const recordFile = path.join(import.meta.dirname, 'test-durations.json');
/** Shorter files are not recorded: their order makes no difference. */
const recordedMsMin = 1_000;

/** Milliseconds by file, as seen from the root of the repository. */
export type Durations = ReadonlyMap<string, number>;

export function readDurations(): Durations {
  if (!existsSync(recordFile)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(recordFile, 'utf8')) as Record<string, number>));
}

/** Adds to what is recorded, and drops files that are gone. */
export function recordDurations(took: readonly (readonly [file: string, tookMs: number])[]): void {
  const all = new Map([...readDurations(), ...took]);
  const rows = [...all]
    .filter(([file, tookMs]) => tookMs >= recordedMsMin && existsSync(path.join(import.meta.dirname, '..', file)))
    .map(([file, tookMs]) => [file, Math.round(tookMs / 100) * 100] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n`);
}

/** The longest first: a long file that begins last keeps everything waiting. One that was never recorded counts as long. */
export function longestFirst(files: readonly string[], durations: Durations): readonly string[] {
  const msOf = (file: string): number => durations.get(file) ?? (isLong(file) ? 10_000 : 0);
  return files.toSorted((a, b) => msOf(b) - msOf(a));
}

function isLong(file: string): boolean {
  return file.endsWith('.it.test.ts') || file.includes('/test/');
}
