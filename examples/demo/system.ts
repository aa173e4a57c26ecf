import { homedir } from 'node:os';
import path from 'node:path';
import { runChild, startChild } from './child.ts';
import type { Child } from './child.ts';

/** The sample agents, with what one completed task of each costs. The scorer has prices of its own on its card. */
export const sampleAgents = [
  { name: 'echo', priceMicrocredits: 500_000, idempotent: true },
  { name: 'slow-streamer', priceMicrocredits: 2_000_000, idempotent: true },
  { name: 'flaky', priceMicrocredits: 1_000_000, idempotent: false },
  { name: 'scorer', priceMicrocredits: 1_000_000, idempotent: true },
] as const;

/** A sample agent. */
export type SampleAgent = (typeof sampleAgents)[number];

/** Where a running platform is. */
export interface PlatformAddresses {
  readonly url: string;
  readonly opsUrl: string;
}

const platformProgram = 'packages/server/src/main.ts';

/** The folder of the demo's data; a platform for real work keeps its own elsewhere. */
export function demoDataDir(env: Readonly<Record<string, string | undefined>>): string {
  if (process.getuid?.() === 0) return '/var/lib/colloquy-demo';
  const given = env['XDG_DATA_HOME'];
  const dataHome = given === undefined || given === '' ? path.join(homedir(), '.local', 'share') : given;
  return path.join(dataHome, 'colloquy-demo');
}

/** The environment of the platform: this one's, with a data folder. */
export function platformEnvironment(dataDir: string): Readonly<Record<string, string | undefined>> {
  return { ...process.env, COLLOQUY_DATA_DIR: dataDir };
}

/** Starts the platform; a taken port makes it choose another. */
export function startPlatform(dataDir: string): Promise<Child<PlatformAddresses>> {
  return startChild({
    argv: [platformProgram],
    env: platformEnvironment(dataDir),
    readyFrom: ({ msg, url, opsUrl }) =>
      msg === 'ready' && typeof url === 'string' && typeof opsUrl === 'string' ? { url, opsUrl } : undefined,
  });
}

/** Creates an operator in the platform's database and gives the only showing of its secret. */
export async function createOperator(
  dataDir: string,
  name: string,
): Promise<{ clientId: string; clientSecret: string }> {
  const printed = await runChild([platformProgram, 'init', '--name', name], platformEnvironment(dataDir));
  return JSON.parse(printed) as { clientId: string; clientSecret: string };
}

/** Starts a sample agent that answers this platform alone; gives its A2A address. */
export function startAgent(name: string, platformUrl: string): Promise<Child<string>> {
  return startChild({
    argv: [`examples/agents/${name}.ts`],
    env: { ...process.env, AGENT_JWKS_URL: `${platformUrl}/.well-known/jwks.json`, EXIT_WITH_STDIN: '1', PORT: '0' },
    readyFrom: ({ ready }) => (typeof ready === 'string' ? ready : undefined),
  });
}
