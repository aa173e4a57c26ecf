#!/usr/bin/env node
/**
 * Starts the command with a Node that can run it: the pinned one of the workspace, else the running one when it is new enough.
 * Plain JavaScript that Node 20 understands, so that an old Node gets a sentence and not a syntax error.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(here, 'src', 'main.ts');
const built = path.join(here, 'dist', 'main.js');
const oldest = [22, 19];

/** The pinned Node, looked for where npm puts it for the workspace or for an installed package. */
function pinnedNode() {
  const name = path.join('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  for (let folder = here; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, name);
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) return undefined;
  }
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

const inWorkspace = existsSync(source);
const node = pinnedNode() ?? (isNewEnough(process.versions.node) ? process.execPath : undefined);
if (node === undefined) {
  const another = inWorkspace ? 'run "npm ci" in the workspace, which brings one' : 'run "npx -y -p node@24 colloquy"';
  process.stderr.write(
    `error: colloquy needs Node ${oldest.join('.')} or newer; this is ${process.versions.node}.\n` +
      `  what to do: install a newer Node, or ${another}.\n`,
  );
  process.exit(1);
}

const entry = inWorkspace ? ['--conditions=source', source] : [built];
const child = spawn(node, [...entry, ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal signals the whole group; the child decides when to leave, and this process follows.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
}
child.on('error', (error) => {
  process.stderr.write(`error: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.exit(signal === null ? code : 128 + (constants.signals[signal] ?? 0));
});
