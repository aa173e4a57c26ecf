import { randomBytes } from 'node:crypto';
import { startRunDatabase } from '@colloquy/bench/process/database';
import type { RunDatabase } from '@colloquy/bench/process/database';
import { claimPort } from '@colloquy/testkit';
import { accessToken, openAdminApi } from '@colloquy/bench/process/admin-api';
import type { AdminApi, ClientCredentials } from '@colloquy/bench/process/admin-api';
import { agentCard } from '@colloquy/bench/process/agent-card';
import { initPlatform, startPlatform } from '@colloquy/bench/process/platform';
import { createTenant } from '@colloquy/bench/process/tenants';
import type { WorkFolder } from '@colloquy/bench/process/work-folder';
import { firstAnswerMs, illnesses } from './plan.ts';
import type { InstancesPlan } from './plan.ts';
import { Replica } from './replica.ts';

/** A platform with a tenant whose agents have three instances each, and a neighbour whose agent has one that is always well. */
export interface Stage extends AsyncDisposable {
  readonly url: string;
  readonly database: RunDatabase;
  readonly replicas: readonly Replica[];
  /** Names of the tenant's agents: each serves in one window, so that no window finds what another one left behind. */
  readonly agents: readonly string[];
  readonly operator: () => Promise<AdminApi>;
  /** A fresh token of a tenant's client. */
  readonly tokenOf: (tenant: 'victim' | 'neighbour') => Promise<string>;
}

export const neighbourAgent = 'calm';
export const priceMicrocredits = 1_000;
const replicasMax = 3;
const grantMicrocredits = 1_000_000_000_000;

export async function setStage(folder: WorkFolder, { pairs }: InstancesPlan): Promise<Stage> {
  await using undo = new AsyncDisposableStack();
  const database = undo.use(await startRunDatabase(folder.file('database')));
  const env = {
    ...database.env,
    COLLOQUY_DATA_DIR: folder.file('data'),
    COLLOQUY_SECRET_KEY: randomBytes(32).toString('base64'),
    COLLOQUY_HTTP_PORT: '0',
    COLLOQUY_OPS_PORT: '0',
    COLLOQUY_GRPC_PORT: '0',
    COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
  };
  const credentials = await initPlatform(env);
  const platform = await startPlatform(env, folder.file('platform.log'));
  undo.use(platform.program);
  const replicas: Replica[] = [];
  // One more for the neighbour.
  for (let at = 0; at <= replicasMax; at += 1) {
    const replica = undo.use(new Replica(await claimPort(), folder));
    await replica.start();
    replicas.push(replica);
  }
  const [good, ...others] = replicas;
  if (good === undefined) throw new Error('there is no instance for the neighbour');
  const operator = async (): Promise<AdminApi> =>
    openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const agents = Array.from({ length: illnesses.length * pairs * 2 }, (_, at) => `agent-${at + 1}`);
  const clients = await createTenants(await operator(), agents, { good, others });
  const held = undo.move();
  return {
    url: platform.url,
    database,
    replicas: others,
    agents,
    operator,
    tokenOf: (tenant) => accessToken(platform.url, clients[tenant]),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface Places {
  readonly good: Replica;
  readonly others: readonly Replica[];
}

async function createTenants(
  api: AdminApi,
  agents: readonly string[],
  { good, others }: Places,
): Promise<Record<'victim' | 'neighbour', ClientCredentials>> {
  const register = (slug: string, name: string, url: string): Promise<unknown> => {
    const card = agentCard({ name, url, streaming: false });
    return api.post(`/tenants/${slug}/agents`, { name, card, priceMicrocredits, idempotent: true });
  };
  const neighbour = await createTenant(api, 'neighbour', { grantMicrocredits, agents: [] });
  await register('neighbour', neighbourAgent, good.urlOf(neighbourAgent));
  const victim = await createTenant(api, 'victim', { grantMicrocredits, agents: [] });
  for (const agent of agents) {
    const [first, ...more] = others.map((replica) => replica.urlOf(agent));
    await register('victim', agent, first ?? '');
    for (const url of more) await api.post(`/tenants/victim/agents/${agent}/instances`, { url });
    await api.put(`/tenants/victim/agents/${agent}/resilience`, { firstAnswerMs });
  }
  return { neighbour: neighbour.client, victim: victim.client };
}
