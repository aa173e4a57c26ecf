/**
 * Guarantee: the packages work outside the workspace. npm packs them without a build by hand and installs them in another folder.
 * There the command, an agent and a client run under a plain Node, strict TypeScript accepts every entry, and an older Node is refused
 * in one sentence. A linked SDK works too. Neither folder needs the source.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestPlatform } from '@colloquy/testkit';
import { emptyHome } from './run-command.ts';

const run = promisify(execFile);
const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const modules = path.join(workspace, 'node_modules');
const published = ['protocol', 'sdk', 'cli'];
const minuteMs = 60_000;
/** Makes a plain Node say that it is an older one. */
const olderNode = [
  '--import',
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})",
];

const command = 'node_modules/.bin/colloquy';
/** A client that registers the agent of the how-to, calls it and prints what the call cost. */
const client = `
import { createClient } from '@colloquy/sdk/client';

const { env } = process;
const colloquy = createClient({
  baseUrl: env['COLLOQUY_URL'] ?? '',
  tenant: env['COLLOQUY_TENANT'] ?? '',
  clientId: env['COLLOQUY_CLIENT_ID'] ?? '',
  clientSecret: env['COLLOQUY_CLIENT_SECRET'] ?? '',
});
const cardUrl = new URL('/.well-known/agent-card.json', env['AGENT_URL']).href;
await colloquy.admin.registerAgent({ body: { name: 'shout', cardUrl, priceMicrocredits: 500_000 } });
const { task } = await colloquy.agent('shout').send('Hello');
const { usedMicrocredits } = await colloquy.admin.readBalance();
console.log(task?.status.state, task?.status.message?.parts[0]?.text, usedMicrocredits);
`;

interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

let work: string;
/** A copy of the parts of the workspace that pack, without a build. */
let copy: string;
/** The other folder, which has the tarballs. */
let elsewhere: string;

async function manifestOf(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(path.join(workspace, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

async function copyWorkspace(): Promise<void> {
  await mkdir(path.join(copy, 'node_modules', '@colloquy'), { recursive: true });
  for (const name of await readdir(modules)) {
    if (name !== '@colloquy') await symlink(path.join(modules, name), path.join(copy, 'node_modules', name));
  }
  for (const file of ['package-lock.json', 'tsconfig.base.json', 'tools'])
    await cp(path.join(workspace, file), path.join(copy, file), { recursive: true });
  await writeFile(path.join(copy, 'package.json'), '{"private":true,"workspaces":["packages/*"]}');
  for (const name of published) {
    const folder = path.join(copy, 'packages', name);
    await cp(path.join(workspace, 'packages', name), folder, {
      recursive: true,
      filter: (source) => path.basename(source) !== 'dist',
    });
    await symlink(folder, path.join(copy, 'node_modules', '@colloquy', name));
  }
}

async function npm(cwd: string, ...argv: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--offline'];
  await run('npm', [...argv, ...quiet], { cwd, timeout: 2 * minuteMs });
}

/** Installs the tarballs. Their dependencies from the registry are linked to those of the workspace: the test needs no network. */
async function installTarballs(): Promise<void> {
  const dependencies: Record<string, string> = { '@types/node': `file:${path.join(modules, '@types/node')}` };
  for (const name of published) {
    for (const one of Object.keys((await manifestOf(name)).dependencies))
      dependencies[one] ??= `file:${path.join(modules, one)}`;
    dependencies[`@colloquy/${name}`] = `file:colloquy-${name}-0.1.0.tgz`;
  }
  await writeFile(path.join(elsewhere, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await npm(elsewhere, 'install');
}

async function howToProgram(): Promise<string> {
  const page = await readFile(path.join(workspace, 'docs/how-to/write-an-agent.md'), 'utf8');
  const [, program = ''] = /```ts\n([^]+?)```/.exec(page) ?? [];
  assert.ok(program.includes('port: 9000'));
  return program.replace('port: 9000', 'port: 0');
}

/** Runs a program of a folder with a plain Node: no condition, no workspace. */
async function runPlain(folder: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run(process.execPath, argv, { cwd: folder, env, timeout: minuteMs });
  return stdout.trim();
}

/** Starts the agent of the how-to; its address stands at the end of the first line that it prints. */
async function startAgent() {
  const child = spawn(process.execPath, ['agent.mts'], { cwd: elsewhere, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  return { url: line.split(' ').at(-1) ?? '', [Symbol.asyncDispose]: stop };
}

before(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'colloquy-published-'));
  copy = path.join(work, 'colloquy');
  elsewhere = path.join(work, 'elsewhere');
  await mkdir(elsewhere);
  await copyWorkspace();
  const chosen = published.map((name) => `--workspace=@colloquy/${name}`);
  await npm(copy, 'pack', ...chosen, `--pack-destination=${elsewhere}`);
  await installTarballs();
  await writeFile(path.join(elsewhere, 'agent.mts'), await howToProgram());
  await writeFile(path.join(elsewhere, 'client.mts'), client);
});
after(() => rm(work, { recursive: true, force: true }));

describe('published packages', () => {
  it('run an agent, a client and the command in another folder, against a platform', async () => {
    await using platform = await startTestPlatform();
    const { clientId, clientSecret } = await platform.createTenant('acme');
    await using agent = await startAgent();
    const env = {
      PATH: process.env['PATH'],
      XDG_CONFIG_HOME: emptyHome(),
      COLLOQUY_URL: platform.url,
      COLLOQUY_TENANT: 'acme',
      COLLOQUY_CLIENT_ID: clientId,
      COLLOQUY_CLIENT_SECRET: clientSecret,
      AGENT_URL: agent.url,
    };

    assert.equal(await runPlain(elsewhere, ['client.mts'], env), 'TASK_STATE_COMPLETED HELLO 500000');
    assert.match(await runPlain(elsewhere, [command, 'send', 'shout', 'again'], env), /AGAIN/);
  });

  it('print the help of the workspace', async () => {
    const golden = await readFile(new URL('help.golden.txt', import.meta.url), 'utf8');
    const help = await runPlain(elsewhere, [command, '--help']);
    assert.ok(help.length > 0 && golden.startsWith(help));
  });

  it('have an entry for each export, whose types pass strict TypeScript without skipLibCheck', async () => {
    const packed = await readdir(path.join(elsewhere, 'node_modules/@colloquy/protocol/dist'));
    const entries = ['sdk/client', 'sdk/agent', 'protocol', ...packed.map((folder) => `protocol/${folder}`)];
    const lines = entries.map((entry, index) => `export * as entry${String(index)} from '@colloquy/${entry}';`);
    await writeFile(path.join(elsewhere, 'entries.mts'), lines.join('\n'));
    const compiler = path.join(modules, 'typescript/bin/tsc');
    const strict = ['--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2022', '--noEmit'];
    await runPlain(elsewhere, [compiler, ...strict, 'agent.mts', 'client.mts', 'entries.mts']);

    assert.ok(packed.length > 10);
    const count = "console.log(Object.keys(await import('./entries.mts')).length)";
    assert.equal(await runPlain(elsewhere, ['--input-type=module', '--eval', count]), String(entries.length));
  });

  it('hold no source', async () => {
    for (const name of published) {
      const files = await readdir(path.join(elsewhere, 'node_modules/@colloquy', name));
      assert.ok(files.includes('dist') && !files.includes('src') && !files.includes('test'), name);
    }
  });

  it('tell an older Node in one sentence which Node they need', async () => {
    const wanted = 'needs Node 22.19 or newer';
    for (const argv of [['agent.mts'], ['client.mts'], [command, '--help']]) {
      const refused = runPlain(elsewhere, [...olderNode, ...argv]);
      await assert.rejects(refused, ({ stderr }: { stderr: string }) => {
        assert.ok(stderr.includes(wanted), stderr);
        return !stderr.includes('withResolvers');
      });
    }
    for (const name of published) assert.equal((await manifestOf(name)).engines.node, '>=22.19');
  });

  it('run when another project installs the folder of the SDK, which has no build yet', async () => {
    const linking = path.join(work, 'linking');
    await mkdir(linking);
    await writeFile(path.join(linking, 'package.json'), '{"private":true}');
    for (const name of published) await rm(path.join(copy, 'packages', name, 'dist'), { recursive: true });
    await npm(linking, 'install', '../colloquy/packages/sdk');
    const program =
      "import { text } from '@colloquy/sdk/agent'; import '@colloquy/sdk/client'; console.log(typeof text)";

    assert.equal(await runPlain(linking, ['--input-type=module', '--eval', program]), 'function');
  });
});
