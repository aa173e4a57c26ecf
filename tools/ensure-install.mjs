/**
 * Runs a script of this repository with the pinned Node, installing the dependencies first when they are missing.
 *
 *   node tools/ensure-install.mjs <script> [argument…]
 *
 * Plain JavaScript for Node >= 20: it runs before anything is installed. An install counts as whole only when its stamp
 * is there, and the stamp is written last, so a half-finished install is always noticed. One install runs at a time.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireInstallLock } from './install-lock.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.colloquy-install.json');
const pinnedNode = path.join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
/** The source uses syntax and globals that came with Node 24 (`await using`, AsyncDisposableStack). */
const oldestNode = 24;

class Refusal extends Error {}

/** What an install has to match: the lock file, and the platform whose binaries it fetched. */
function wantedStamp() {
  const lockFile = readFileSync(path.join(root, 'package-lock.json'));
  return {
    lockSha256: createHash('sha256').update(lockFile).digest('hex'),
    platform: `${process.platform}-${process.arch}`,
  };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isInstalled(wanted) {
  const found = readJson(stampFile);
  if (found === undefined) return adoptsNpmInstall(wanted);
  return found.lockSha256 === wanted.lockSha256 && found.platform === wanted.platform;
}

/**
 * A developer may have run `npm ci` or `npm install` by hand. npm writes its own record last; when it names every
 * package that the lock file asks for on this platform, that install is as good as ours.
 */
function adoptsNpmInstall(wanted) {
  const asked = readJson(path.join(root, 'package-lock.json'))?.packages;
  const found = readJson(path.join(modules, '.package-lock.json'))?.packages;
  if (asked === undefined || found === undefined) return false;
  for (const [where, entry] of Object.entries(asked)) {
    if (!where.startsWith('node_modules/') || entry.link === true) continue;
    const have = found[where];
    if (have === undefined ? !entry.optional : have.version !== entry.version) return false;
  }
  try {
    writeStamp(wanted);
  } catch {
    // A user who may read the checkout but not write it simply compares again next time.
  }
  return true;
}

function writeStamp(wanted) {
  const half = `${stampFile}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(wanted)}\n`);
  renameSync(half, stampFile);
}

/**
 * The environment for npm: without our own node_modules/.bin, whose Node vanishes while npm replaces the folder, and without the `-g` of an
 * `npm install -g` that runs us, with which `npm ci` refuses.
 */
function npmEnvironment() {
  const own = modules + path.sep;
  const entries = (process.env.PATH ?? '').split(path.delimiter);
  const kept = entries.filter((entry) => !(entry + path.sep).startsWith(own));
  const { npm_config_global: _global, npm_config_location: _location, ...env } = process.env;
  return { ...env, PATH: kept.join(path.delimiter) };
}

async function install(wanted, lock) {
  rmSync(stampFile, { force: true });
  process.stderr.write('Installing dependencies (npm ci), once; this takes a few seconds …\n');
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  // No install scripts: nothing we depend on needs one, and a package must not run code merely by being fetched.
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', ...quiet];
  const npm = spawn('npm', args, { cwd: root, env: npmEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] });
  lock.recordWorker(npm.pid);
  const ended = await outcomeOf(npm);
  if (ended.error !== undefined) throw new Refusal(`npm could not be started: ${ended.error.message}`);
  if (ended.signal !== null) endBySignal(ended.signal, lock);
  if (ended.code !== 0) throw new Refusal(`npm ci failed (status ${ended.code}); what it said is above.`);
  writeStamp(wanted);
}

async function ensureInstalled() {
  const wanted = wantedStamp();
  if (isInstalled(wanted)) return;
  const lock = await acquireInstallLock(path.join(root, '.install.lock'), (pid) => {
    process.stderr.write(`Another install is running here (process ${pid}); waiting for it …\n`);
  });
  try {
    // The one we waited for has usually done the work.
    if (!isInstalled(wanted)) await install(wanted, lock);
  } finally {
    lock.release();
  }
}

function versionOf(node) {
  if (node !== pinnedNode) return process.versions.node;
  return readJson(path.join(path.dirname(path.dirname(pinnedNode)), 'package.json'))?.version ?? '';
}

/** The Nodes to try in order: the pinned one, then the running one if it can run TypeScript as it is written. */
function nodesToTry() {
  const nodes = existsSync(pinnedNode) ? [pinnedNode] : [];
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) nodes.push(process.execPath);
  return nodes;
}

function nodeFlags(node) {
  const flags = ['--conditions=source'];
  // The first releases of Node 24 announce type stripping as experimental on every start.
  const [major = 0, minor = 0] = versionOf(node).split('.').map(Number);
  if (major === 24 && minor < 12) flags.push('--disable-warning=ExperimentalWarning');
  return flags;
}

/** Waits for a child's end while passing our signals on to it. */
async function outcomeOf(child) {
  const pass = (signal) => child.kill(signal);
  // A terminal sends Ctrl-C to the whole process group; a second one from here would look like impatience.
  const passInterrupt = process.stdin.isTTY ? () => undefined : pass;
  process.on('SIGINT', passInterrupt).on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => resolve({ error, code: null, signal: null }));
      child.once('exit', (code, signal) => resolve({ error: undefined, code, signal }));
    });
  } finally {
    process.off('SIGINT', passInterrupt).off('SIGTERM', pass).off('SIGHUP', pass);
  }
}

/** Ends this process as the child ended, so that a caller sees the truth. */
function endBySignal(signal, lock) {
  lock?.release();
  process.exitCode = 128 + (constants.signals[signal] ?? 0);
  process.kill(process.pid, signal);
}

async function runScript(script, args) {
  for (const node of nodesToTry()) {
    const child = spawn(node, [...nodeFlags(node), script, ...args], { stdio: 'inherit' });
    const ended = await outcomeOf(child);
    // The binary of another libc is there but cannot start; the running Node may still do.
    if (ended.error !== undefined) continue;
    if (ended.signal !== null) endBySignal(ended.signal, undefined);
    process.exitCode = ended.code ?? process.exitCode;
    return;
  }
  throw new Refusal(
    `No Node for ${process.platform}-${process.arch} comes with this project, and the one running (${process.version}) ` +
      `is older than ${oldestNode}. Install Node ${oldestNode} or newer and run the command again.`,
  );
}

async function main() {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new Refusal('usage: node tools/ensure-install.mjs <script> [argument…]');
  if (process.platform === 'win32') throw new Refusal('Windows is not supported; use WSL, macOS or Linux.');
  await ensureInstalled();
  const file = path.resolve(root, script);
  if (!existsSync(file)) throw new Refusal(`There is no script at ${script}.`);
  await runScript(file, args);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal) && error?.code !== 'EACCES' && error?.code !== 'EROFS') throw error;
  const advice = error instanceof Refusal ? '' : ' (installing needs write access to the project folder)';
  process.stderr.write(`${error.message}${advice}\n`);
  process.exitCode = 1;
}
