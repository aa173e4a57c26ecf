import type { LoadOrder } from '../load/measurement.ts';
import { accessToken, openAdminApi } from '../process/admin-api.ts';
import type { AdminApi } from '../process/admin-api.ts';
import { prepareTls, provenTarget } from '../process/caller-proof.ts';
import type { CallerProof, CallerTls } from '../process/caller-proof.ts';
import { initPlatform, startPlatform } from '../process/platform.ts';
import type { Platform, PlatformEnv } from '../process/platform.ts';
import { startProgram } from '../process/program.ts';
import type { Program } from '../process/program.ts';
import { agentPath, createTenant } from '../process/tenants.ts';
import type { RunTenant } from '../process/tenants.ts';
import type { WorkFolder } from '../process/work-folder.ts';
import { isGateway } from './plan.ts';
import type { Subject } from './plan.ts';

/** Everything a comparison needs, running: the platform with its tenants, the bare agent, and the SDK echo. */
export interface Stage extends AsyncDisposable {
  readonly platform: Platform;
  readonly agent: Program;
  /** The server process of a subject. */
  serverOf(subject: Subject): Program;
  /** Puts new SDK echoes in place of the old ones, whose memory holds every task they ever saw. */
  renewSdkEchoes(): Promise<void>;
  readonly operator: () => Promise<AdminApi>;
  readonly tenants: readonly RunTenant[];
  /** Server and targets of a subject, with fresh tokens. */
  addressOf(subject: Subject): Promise<Pick<LoadOrder, 'host' | 'port' | 'targets' | 'tls'>>;
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

const startAgent = (folder: WorkFolder): Promise<Program> =>
  startProgram({
    label: 'the echo agent',
    script: new URL('../echo-agent.ts', import.meta.url),
    logFile: folder.file('echo-agent.log'),
    readyMsMax,
    tethered: true,
  });

/** The SDK echo in each of its forms. */
class SdkEchoes {
  readonly #folder: WorkFolder;
  #programs: readonly (readonly [Subject, Program])[] = [];

  constructor(folder: WorkFolder) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    this.#programs = [
      ['SDK echo', await this.#startForm('message')],
      ['SDK task echo', await this.#startForm('task')],
    ];
  }

  async stop(): Promise<void> {
    for (const [, program] of this.#programs) await program.stop();
  }

  find(subject: Subject): Program | undefined {
    return this.#programs.find(([form]) => form === subject)?.[1];
  }

  #startForm(form: 'message' | 'task'): Promise<Program> {
    return startProgram({
      label: `the SDK echo (${form})`,
      script: new URL('../sdk-echo.ts', import.meta.url),
      args: [form],
      logFile: this.#folder.file(`sdk-echo-${form}.log`),
      readyMsMax,
      tethered: true,
    });
  }
}

export interface StageOptions {
  /** Added to the environment of the platform process. */
  readonly platformEnv?: PlatformEnv;
  /** What callers of the platform prove beside their token. */
  readonly callerProof?: CallerProof;
}

export async function setStage(folder: WorkFolder, options: StageOptions = {}): Promise<Stage> {
  const { callerProof = 'bearer' } = options;
  await using undo = new AsyncDisposableStack();
  const tls = callerProof === 'mtls' ? await prepareTls(folder) : null;
  const platformEnv = { ...tls?.env, ...options.platformEnv };
  const env = { COLLOQUY_DATA_DIR: folder.file('data'), COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0' };
  const credentials = await initPlatform(env);
  const platform = await startPlatform({ ...env, ...platformEnv }, folder.file('platform.log'));
  undo.use(platform.program);
  const agent = undo.use(await startAgent(folder));
  const echoes = new SdkEchoes(folder);
  undo.defer(() => echoes.stop());
  await echoes.start();
  const operator = async (): Promise<AdminApi> =>
    openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const tokenBinding = tls === null ? 'none' : 'certificate';
  const tenants = await createTenants(await operator(), String(agent.ready['url']), tokenBinding);
  const serverOf = (subject: Subject): Program =>
    echoes.find(subject) ?? (subject === 'bare agent' ? agent : platform.program);
  const held = undo.move();
  return {
    platform,
    agent,
    serverOf,
    async renewSdkEchoes() {
      await echoes.stop();
      await echoes.start();
    },
    operator,
    tenants,
    addressOf: async (subject) => ({
      ...serverAddress(serverOf(subject)),
      ...(isGateway(subject)
        ? await callersOf(tenantsMeasured(subject, tenants), platform.url, { callerProof, tls: tls?.caller ?? null })
        : { targets: [{ path: '/' }] }),
    }),
    answers: new Map(tenants.map(({ slug }) => [slug, 0])),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function serverAddress(program: Program): Pick<LoadOrder, 'host' | 'port'> {
  const { hostname, port } = new URL(String(program.ready['url']));
  return { host: hostname, port: Number(port) };
}

async function createTenants(
  operator: AdminApi,
  agentUrl: string,
  tokenBinding: 'none' | 'certificate',
): Promise<RunTenant[]> {
  const cardUrl = new URL('/.well-known/agent-card.json', agentUrl).href;
  const agents = [{ name: agentName, cardUrl, priceMicrocredits, idempotent: true }];
  const tenants: RunTenant[] = [];
  for (const slug of [lonely, ...crowd])
    tenants.push(await createTenant(operator, slug, { grantMicrocredits, agents, tokenBinding }));
  return tenants;
}

/** The tenants a subject is measured with; none for a server that knows no tenants. */
export function tenantsOf(subject: Subject): readonly string[] {
  if (subject === 'gateway, 1 tenant') return [lonely];
  return subject === 'gateway, 8 tenants' ? crowd : [];
}

function tenantsMeasured(subject: Subject, tenants: readonly RunTenant[]): readonly RunTenant[] {
  const slugs = tenantsOf(subject);
  return tenants.filter(({ slug }) => slugs.includes(slug));
}

/** One target for each tenant, with a fresh token and what proves it. */
async function callersOf(
  tenants: readonly RunTenant[],
  url: string,
  { callerProof, tls }: { readonly callerProof: CallerProof; readonly tls: CallerTls | null },
): Promise<Pick<LoadOrder, 'targets' | 'tls'>> {
  const targetOf = async ({ slug, client }: RunTenant): Promise<LoadOrder['targets'][number]> => {
    const path = agentPath(slug, agentName);
    if (callerProof === 'dpop') return provenTarget(url, client, path);
    return { path, token: await accessToken(url, client) };
  };
  const targets = await Promise.all(tenants.map(targetOf));
  return tls === null ? { targets } : { targets, tls };
}
