import { accessToken, openAdminApi } from '../process/admin-api.ts';
import { initPlatform, startPlatform } from '../process/platform.ts';
import type { Platform } from '../process/platform.ts';
import { postmasterPidBelow } from '../process/postgres-server.ts';
import { startProgram } from '../process/program.ts';
import type { Program } from '../process/program.ts';
import { agentPath, createTenant } from '../process/tenants.ts';
import type { RunTenant } from '../process/tenants.ts';
import { cpuMsOf, cpuMsOfFamily } from '../process/usage.ts';
import type { WorkFolder } from '../process/work-folder.ts';

/** One platform process with its database, the agents and the tenants. */
export interface StreamsStage extends AsyncDisposable {
  readonly platform: Platform;
  readonly agents: Program;
  readonly folder: WorkFolder;
  readonly tenants: readonly RunTenant[];
  /** The address of an agent at the platform, with a fresh token, for each tenant. */
  targetsOf(agent: AgentName): Promise<{ readonly url: string; readonly token: string }[]>;
  /** CPU time of the platform process and of its database so far, in milliseconds. */
  cpuMs(): { readonly server: number; readonly postgres: number };
}

export type AgentName = 'hold' | 'talk';

const agentNames: readonly AgentName[] = ['hold', 'talk'];
const readyMsMax = 10_000;
const grantMicrocredits = 1_000_000_000_000;

export async function setStreamsStage(folder: WorkFolder, tenantCount: number): Promise<StreamsStage> {
  await using undo = new AsyncDisposableStack();
  const env = { COLLOQUY_DATA_DIR: folder.file('data'), COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0' };
  const credentials = await initPlatform(env);
  const platform = await startPlatform(env, folder.file('platform.log'));
  undo.use(platform.program);
  const agents = undo.use(
    await startProgram({
      label: 'the talking agents',
      script: new URL('./talking-agent.ts', import.meta.url),
      logFile: folder.file('agents.log'),
      readyMsMax,
      tethered: true,
    }),
  );
  const operator = openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const registrations = agentNames.map((name) => ({
    name,
    cardUrl: new URL(`${name}/.well-known/agent-card.json`, String(agents.ready['url'])).href,
    priceMicrocredits: 1_000,
    idempotent: true,
  }));
  const tenants: RunTenant[] = [];
  while (tenants.length < tenantCount) {
    const slug = `tenant-${tenants.length + 1}`;
    tenants.push(await createTenant(operator, slug, { grantMicrocredits, agents: registrations }));
  }
  const postgresPid = postmasterPidBelow(folder.path);
  if (postgresPid === undefined) throw new Error('no PostgreSQL server runs in the data folder');
  const held = undo.move();
  return {
    platform,
    agents,
    folder,
    tenants,
    targetsOf: (agent) =>
      Promise.all(
        tenants.map(async ({ slug, client }) => ({
          url: new URL(agentPath(slug, agent), platform.url).href,
          token: await accessToken(platform.url, client),
        })),
      ),
    cpuMs: () => ({
      server: cpuMsOf(platform.program.pid),
      postgres: cpuMsOfFamily(postgresPid),
    }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
