/**
 * Compiles published packages, each into its `dist` folder.
 *
 *   node tools/ensure-install.mjs tools/build-packages.mjs protocol sdk
 *
 * npm runs it before it packs a package (`prepack`). When several packages are linked at once, npm starts several of these
 * processes; the lock lets one build at a time.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { acquireInstallLock } from './install-lock.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** Without the files of an earlier build: a module that was deleted since must not be published. */
function build(name) {
  const folder = path.join(root, 'packages', name);
  rmSync(path.join(folder, 'dist'), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: folder,
    // `npm pack --json` prints JSON on stdout.
    stdio: ['ignore', process.stderr, process.stderr],
  });
  return status === 0;
}

/** The registry has none of our packages: a tarball is installed together with those that it depends on. */
function nameCompanions(name) {
  const manifest = readFileSync(path.join(root, 'packages', name, 'package.json'), 'utf8');
  const companions = Object.keys(JSON.parse(manifest).dependencies).filter((one) => one.startsWith('@colloquy/'));
  if (companions.length === 0) return;
  process.stderr.write(`Install this tarball in one command with that of ${companions.join(' and ')}.\n`);
}

const names = process.argv.slice(2);
const lock = await acquireInstallLock(path.join(root, '.install.lock'), () => undefined);
try {
  if (!names.every(build)) process.exitCode = 1;
  else if (process.env.npm_lifecycle_event === 'prepack') names.forEach(nameCompanions);
} finally {
  lock.release();
}
