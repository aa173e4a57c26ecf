/**
 * Guarantee: what is published works without the workspace: packed as npm packs it and unpacked elsewhere, the command runs, an
 * agent is served, and every entry has its types.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const workspace = fileURLToPath(new URL('../../..', import.meta.url));
/** In the order in which they need each other. */
const published = ['protocol', 'sdk', 'cli'];
const minuteMs = 60_000;

let work: string;
let installed: string;

/** A copy of the workspace's packages, whose modules are the workspace's own but for the copies themselves. */
async function copyPackages(folder: string): Promise<void> {
  await linkModules(path.join(folder, 'node_modules'));
  await mkdir(path.join(folder, 'node_modules', '@colloquy'));
  await cp(path.join(workspace, 'tsconfig.base.json'), path.join(folder, 'tsconfig.base.json'));
  for (const name of published) {
    const copy = path.join(folder, 'packages', name);
    await cp(path.join(workspace, 'packages', name), copy, { recursive: true });
    await rm(path.join(copy, 'dist'), { recursive: true, force: true });
    await symlink(copy, path.join(folder, 'node_modules', '@colloquy', name));
  }
}

/** Everything that was installed from the registry. */
async function linkModules(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(path.join(workspace, 'node_modules'));
  for (const name of names.filter((one) => one !== '@colloquy' && !one.startsWith('.')))
    await symlink(path.join(workspace, 'node_modules', name), path.join(folder, name));
}

async function buildAndPack(folder: string): Promise<void> {
  const compiler = path.join(workspace, 'node_modules', 'typescript', 'bin', 'tsc');
  for (const name of published) {
    const cwd = path.join(folder, 'packages', name);
    await run(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd, timeout: 2 * minuteMs });
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd, timeout: minuteMs });
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    const target = path.join(installed, 'node_modules', '@colloquy', name);
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', path.join(cwd, packed.filename), '-C', target, '--strip-components=1']);
  }
}

/** Runs a program of the other folder with a plain Node: no condition, no workspace. */
async function runInstalled(text: string): Promise<string> {
  await writeFile(path.join(installed, 'program.mjs'), text);
  const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: installed, timeout: minuteMs });
  return stdout.trim();
}

before(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'colloquy-published-'));
  installed = path.join(work, 'elsewhere');
  const folder = path.join(work, 'workspace');
  await copyPackages(folder);
  await linkModules(path.join(installed, 'node_modules'));
  await buildAndPack(folder);
});
after(() => rm(work, { recursive: true, force: true }));

describe('published packages', () => {
  it('run the command', async () => {
    const bin = path.join(installed, 'node_modules', '@colloquy', 'cli', 'bin', 'colloquy.mjs');
    const { stdout } = await run(process.execPath, [bin, '--help'], { timeout: minuteMs });
    const golden = await readFile(new URL('help.golden.txt', import.meta.url), 'utf8');
    assert.ok(stdout.length > 0 && golden.startsWith(stdout));
  });

  it('serve an agent that answers', async () => {
    const said = await runInstalled(`
      import { serveAgent, text } from '@colloquy/sdk/agent';
      import { encodeCall } from '@colloquy/protocol/v1';
      const agent = await serveAgent({
        card: { name: 'packed', description: 'Runs from a package.' },
        handle: (message, task) => task.complete(text(message)),
      });
      const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
      const body = encodeCall('1', { operation: 'SendMessage', request: { message } });
      const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
      const answer = await (await fetch(agent.url, { method: 'POST', body, headers })).json();
      console.log(answer.result.task.status.state);
      await agent.close();
    `);
    assert.equal(said, 'TASK_STATE_COMPLETED');
  });

  it('export what their manifests say, with types, and no source', async () => {
    for (const name of published) {
      const folder = path.join(installed, 'node_modules', '@colloquy', name);
      const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
        exports?: Record<string, { types: string; default: string }>;
      };
      assert.ok(!(await readdir(folder)).some((entry) => entry === 'src' || entry === 'test'), name);
      for (const [entry, { types, default: code }] of Object.entries(manifest.exports ?? {})) {
        if (entry.includes('*')) continue;
        await readFile(path.join(folder, types), 'utf8');
        const specifier = `@colloquy/${name}${entry.slice(1)}`;
        assert.match(
          await runInstalled(`console.log(Object.keys(await import('${specifier}')).length)`),
          /^\d+$/,
          code,
        );
      }
    }
  });
});
