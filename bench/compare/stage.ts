import type { LoadOrder } from '../load/measurement.ts';
import { accessToken, openAdminApi } from '../process/admin-api.ts';
import type { AdminApi } from '../process/admin-api.ts';
import { initPlatform, startPlatform } from '../process/platform.ts';
import type { Platform } from '../process/platform.ts';
import { startProgram } from '../process/program.ts';
import type { Program } from '../process/program.ts';
import { agentPath, createTenant } from '../process/tenants.ts';
import type { RunTenant } from '../process/tenants.ts';
import type { WorkFolder } from '../process/work-folder.ts';
import type { Subject } from './plan.ts';

/** Everything a comparison needs, running: the platform with its tenants, the bare agent, and the SDK echo. */
export interface Stage extends AsyncDisposable {
  readonly platform: Platform;
  readonly agent: Program;
  sdkEcho(): Program;
  /** Puts a new SDK echo in place of the old one, whose memory holds every task it ever saw. */
  renewSdkEcho(): Promise<void>;
  readonly operator: () => Promise<AdminApi>;
  readonly tenants: readonly RunTenant[];
  /** Server and targets of a subject, with fresh tokens. */
  addressOf(subject: Subject): Promise<Pick<LoadOrder, 'host' | 'port' | 'targets'>>;
  /** Right answers so far, for each tenant. */
  readonly answers: Map<string, number>;
}

export const priceMicrocredits = 1_000;
export const agentName = 'echo';
const grantMicrocredits = 1_000_000_000_000;
const readyMsMax = 10_000;
/** One tenant that is measured alone, and eight that are measured together. */
const lonely = 'alone';
const crowd = Array.from({ length: 8 }, (_, index) => `crowd-${index + 1}`);

const startEcho = (folder: WorkFolder, label: 'echo-agent' | 'sdk-echo'): Promise<Program> =>
  startProgram({
    label,
    script: new URL(`../${label}.ts`, import.meta.url),
    logFile: folder.file(`${label}.log`),
    readyMsMax,
    tethered: true,
  });

export async function setStage(folder: WorkFolder): Promise<Stage> {
  await using undo = new AsyncDisposableStack();
  const env = { COLLOQUY_DATA_DIR: folder.file('data'), COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0' };
  const credentials = await initPlatform(env);
  const platform = await startPlatform(env, folder.file('platform.log'));
  undo.use(platform.program);
  const agent = undo.use(await startEcho(folder, 'echo-agent'));
  let sdk = await startEcho(folder, 'sdk-echo');
  undo.defer(() => sdk.stop());
  const operator = async (): Promise<AdminApi> =>
    openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const tenants = await createTenants(await operator(), String(agent.ready['url']));
  const held = undo.move();
  return {
    platform,
    agent,
    sdkEcho: () => sdk,
    async renewSdkEcho() {
      await sdk.stop();
      sdk = await startEcho(folder, 'sdk-echo');
    },
    operator,
    tenants,
    addressOf: async (subject) => addressIn(subject, { platform, agent, sdk, tenants }),
    answers: new Map(tenants.map(({ slug }) => [slug, 0])),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function createTenants(operator: AdminApi, agentUrl: string): Promise<RunTenant[]> {
  const cardUrl = new URL('/.well-known/agent-card.json', agentUrl).href;
  const agents = [{ name: agentName, cardUrl, priceMicrocredits, idempotent: true }];
  const tenants: RunTenant[] = [];
  for (const slug of [lonely, ...crowd])
    tenants.push(await createTenant(operator, slug, { grantMicrocredits, agents }));
  return tenants;
}

/** The tenants a subject is measured with; none for a server that knows no tenants. */
export function tenantsOf(subject: Subject): readonly string[] {
  if (subject === 'gateway, 1 tenant') return [lonely];
  return subject === 'gateway, 8 tenants' ? crowd : [];
}

async function addressIn(
  subject: Subject,
  running: { platform: Platform; agent: Program; sdk: Program; tenants: readonly RunTenant[] },
): Promise<Pick<LoadOrder, 'host' | 'port' | 'targets'>> {
  const direct = subject === 'bare agent' ? running.agent : subject === 'SDK echo' ? running.sdk : undefined;
  const { hostname, port } = new URL(direct === undefined ? running.platform.url : String(direct.ready['url']));
  const server = { host: hostname, port: Number(port) };
  if (direct !== undefined) return { ...server, targets: [{ path: '/' }] };
  const slugs = tenantsOf(subject);
  const targets = running.tenants
    .filter(({ slug }) => slugs.includes(slug))
    .map(async ({ slug, client }) => ({
      path: agentPath(slug, agentName),
      token: await accessToken(running.platform.url, client),
    }));
  return { ...server, targets: await Promise.all(targets) };
}
