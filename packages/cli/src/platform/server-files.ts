import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalError } from '../usage-error.ts';

const serverMain = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));

/** Whether the platform is installed beside this command, or only the command. */
export function hasServer(): boolean {
  return existsSync(serverMain);
}

/** The platform's program beside this command. Throws a LocalError when only the command is installed. */
export function serverProgram(): readonly string[] {
  if (hasServer()) return ['--conditions=source', serverMain];
  throw new LocalError(
    'The platform is not installed beside this command.',
    'Run it from a checkout of Colloquy, or give --url to use one that runs elsewhere.',
  );
}

/** A folder of an installed package, looked for where npm puts it. */
export function packageFolder(name: string): string | undefined {
  for (let folder = path.dirname(serverMain); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) return undefined;
  }
}
