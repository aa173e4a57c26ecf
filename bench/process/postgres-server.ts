import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const depthMax = 4;

/** Process id of the PostgreSQL server whose data lies somewhere below `folder`, from its `postmaster.pid`. */
export function postmasterPidBelow(folder: string, depth = 0): number | undefined {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'postmaster.pid')) {
    const [line] = readFileSync(join(folder, 'postmaster.pid'), 'latin1').split('\n');
    return Number(line);
  }
  if (depth === depthMax) return undefined;
  for (const entry of entries) {
    const found = entry.isDirectory() ? postmasterPidBelow(join(folder, entry.name), depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
