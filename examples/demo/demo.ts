/**
 * The platform with two tenants and four agents, all on this machine, and a walk through what it does.
 *
 *   npm run demo              the walk, then everything stays up until Ctrl-C
 *   npm run demo -- --once    the walk alone; the exit status tells whether all was as it should be
 *
 * `--no-walk` starts everything and shows nothing; `--quick` is accepted, since the walk is quick already.
 */
import { fileURLToPath } from 'node:url';
import { Expectations } from './expectations.ts';
import { firstSignal } from './first-signal.ts';
import { flagsOf, usage } from './flags.ts';
import { bold, cyan, dim, green, heading, red, say, span, step } from './screen.ts';
import { registerAgents, seedTenants } from './seed.ts';
import type { DemoTenant } from './seed.ts';
import { demoDataDir, sampleAgents, startAgent, startPlatform } from './system.ts';
import type { PlatformAddresses } from './system.ts';
import { walk } from './walk.ts';

const flags = flagsOrExit();

const expect = new Expectations();
/** Whether there is nothing left to do but wait. */
let isUp = false;
let isStopping = false;
/** Things to stop, the last started first. */
const running = new AsyncDisposableStack();

process.exit(await main());

function flagsOrExit() {
  const asked = flagsOf(process.argv.slice(2));
  if (typeof asked !== 'string') return asked;
  console.error(`${asked}\n${usage}`);
  return process.exit(2);
}

async function main(): Promise<number> {
  try {
    return await Promise.race([show(), interrupted()]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(`\n${red('The demo failed:')} ${message}`);
    if (flags.once) say(JSON.stringify({ suite: 'demo', ok: false, error: message }));
    return 1;
  } finally {
    await running.disposeAsync();
  }
}

function interrupted(): Promise<number> {
  return firstSignal(() => {
    isStopping = true;
    say('\nStopping…');
    return isUp && expect.failed.length === 0 ? 0 : 130;
  });
}

async function show(): Promise<number> {
  say(`${bold('Colloquy')} – the platform between your agents. Every task is recorded, paid for and never lost.\n`);
  const dataDir = process.env['COLLOQUY_DATA_DIR'] ?? demoDataDir(process.env);
  const { addresses, tenants, watch } = await prepare(dataDir);
  const readyMs = Math.round(performance.now());
  const figures = flags['no-walk'] ? undefined : await walk(tenants, expect);
  if (figures !== undefined) showVerdict(expect);
  if (flags.once) {
    await running.disposeAsync();
    const { checked, failed } = expect;
    const ok = failed.length === 0;
    say(JSON.stringify({ suite: 'demo', ok, ...figures, readyMs, checked, failed }));
    return ok ? 0 : 1;
  }
  await showWaysIn(addresses, tenants[0]);
  isUp = true;
  const name = await watch;
  if (!isStopping) say(`\n${red(`${name} has ended by itself; stopping.`)}`);
  return 1;
}

interface Prepared {
  readonly addresses: PlatformAddresses;
  readonly tenants: readonly [DemoTenant, DemoTenant];
  /** Resolves with a name when a process has ended by itself. */
  readonly watch: Promise<string>;
}

async function prepare(dataDir: string): Promise<Prepared> {
  const platform = await step(
    'database and platform',
    () => startPlatform(dataDir),
    ({ ready }) => cyan(ready.url),
  );
  running.defer(() => platform.stop());
  const { url } = platform.ready;
  const [tenants, agents] = await Promise.all([
    step(
      'two tenants with credits',
      () => seedTenants({ url, dataDir }),
      (both) => both.map(({ slug }) => slug).join(', '),
    ),
    step(
      'four agents as processes',
      () => startAgents(url),
      (all) => [...all.keys()].join(', '),
    ),
  ]);
  const addresses = new Map([...agents].map(([name, { ready }]) => [name, ready]));
  const registration = async (): Promise<void> => {
    await Promise.all(tenants.map((tenant) => registerAgents(tenant, addresses)));
  };
  await step('agents registered', registration, () => 'in both tenants, by the address of their cards');
  await step(
    'an access token',
    () => tenants[0].client.token(),
    (token) => dim(`${token.slice(0, 24)}… for acme`),
  );
  const ends = [...agents].map(([name, { ended }]) => ended.then(() => name));
  const watch = Promise.race([...ends, platform.ended.then(() => 'platform')]);
  return { addresses: platform.ready, tenants, watch };
}

async function startAgents(url: string): Promise<ReadonlyMap<string, Awaited<ReturnType<typeof startAgent>>>> {
  const started = sampleAgents.map(async ({ name }) => {
    const agent = await startAgent(name, url);
    running.defer(() => agent.stop());
    return [name, agent] as const;
  });
  return new Map(await Promise.all(started));
}

function showVerdict({ checked, failed }: Expectations): void {
  const verdict =
    failed.length === 0 ? green(`all ${checked} checks hold`) : red(`${failed.length} of ${checked} checks failed`);
  say(`\n${bold('Walk done:')} ${verdict} ${dim(`after ${span(performance.now())}`)}`);
}

async function showWaysIn(
  { url, opsUrl }: PlatformAddresses,
  { slug, credentials, client }: DemoTenant,
): Promise<void> {
  const message = { messageId: 'my-first', role: 'ROLE_USER', parts: [{ text: 'Hello' }] };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } });
  heading('Your turn');
  say(`  ${dim('API and agents')}    ${cyan(url)}   ${dim('OpenAPI')} ${url}/api/v1/openapi.json`);
  say(`  ${dim('health, metrics')}   ${cyan(opsUrl)}/metrics`);
  say(`\n  ${dim('With curl (the token is good for ten minutes):')}\n`);
  say(`curl ${url}/t/${slug}/agents/echo -H 'Content-Type: application/json' -H 'A2A-Version: 1.0' \\`);
  say(`  -H 'Authorization: Bearer ${await client.token()}' \\\n  -d '${body}'`);
  say(`\n  ${dim('With the command line:')}\n`);
  say(`alias colloquy='node ${fileURLToPath(new URL('../../packages/cli/bin/colloquy.mjs', import.meta.url))}'`);
  say(`export COLLOQUY_URL=${url} COLLOQUY_TENANT=${slug} \\`);
  say(`  COLLOQUY_CLIENT_ID=${credentials.clientId} \\\n  COLLOQUY_CLIENT_SECRET=${credentials.clientSecret}`);
  for (const line of [
    'agent list',
    'send --stream slow-streamer "12 words, please"',
    'credits balance',
    'audit tail',
  ]) {
    say(`colloquy ${line}`);
  }
  say(`\n${dim('Ctrl-C stops everything; the data stays for the next start.')}`);
}
