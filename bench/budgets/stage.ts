import type { LoadOrder } from '../load/measurement.ts';
import { accessToken, openAdminApi } from '../process/admin-api.ts';
import type { AdminApi } from '../process/admin-api.ts';
import { initPlatform, startPlatform } from '../process/platform.ts';
import type { Platform } from '../process/platform.ts';
import { startProgram } from '../process/program.ts';
import { agentPath, createTenant } from '../process/tenants.ts';
import type { RunTenant } from '../process/tenants.ts';
import type { WorkFolder } from '../process/work-folder.ts';
import { tenantNames } from './plan.ts';
import type { TenantName } from './plan.ts';

const agentName = 'echo';
const skill = 'echo';
const limitMicrocredits = 1_000_000_000_000;
/** Reserves the estimate of one second; a call that takes a millisecond settles little of it, and the rest returns to the budgets. */
const price = { perCall: '0.0005', perSecond: '0.0005', estimate: { seconds: 1 } };

/** One platform process, an echo agent, and three tenants that differ in what their sends are charged to. */
export interface BudgetStage extends AsyncDisposable {
  readonly platform: Platform;
  /** Where sends of a tenant go, with a fresh token. */
  target(tenant: TenantName): Promise<Pick<LoadOrder, 'host' | 'port' | 'targets'>>;
  /** Micro-credits by which a budget differs from what its tenant used, over all budgets. */
  readUncounted(): Promise<number>;
}

export async function setBudgetStage(folder: WorkFolder): Promise<BudgetStage> {
  await using undo = new AsyncDisposableStack();
  const agent = undo.use(
    await startProgram({
      label: 'the echo agent',
      script: new URL('../echo-agent.ts', import.meta.url),
      logFile: folder.file('echo-agent.log'),
      readyMsMax: 10_000,
      tethered: true,
    }),
  );
  const env = { COLLOQUY_DATA_DIR: folder.file('data'), COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0' };
  const credentials = await initPlatform(env);
  const platform = await startPlatform(env, folder.file('platform.log'));
  undo.use(platform.program);
  const operator = async (): Promise<AdminApi> =>
    openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const cardUrl = new URL('/.well-known/agent-card.json', String(agent.ready['url'])).href;
  const tenants = new Map<TenantName, RunTenant>();
  for (const name of tenantNames) tenants.set(name, await createPayingTenant(await operator(), name, cardUrl));
  const { hostname: host, port } = new URL(platform.url);
  const held = undo.move();
  return {
    platform,
    target: async (name) => {
      const tenant = tenants.get(name);
      if (tenant === undefined) throw new Error(`There is no tenant ${name}.`);
      const token = await accessToken(platform.url, tenant.client);
      return { host, port: Number(port), targets: [{ path: agentPath(name, agentName), token, skill }] };
    },
    readUncounted: async () => readUncounted(await operator()),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function createPayingTenant(operator: AdminApi, name: TenantName, cardUrl: string): Promise<RunTenant> {
  const agents = [{ name: agentName, cardUrl, priceMicrocredits: 1_000, idempotent: true }];
  const tenant = await createTenant(operator, name, { grantMicrocredits: limitMicrocredits, agents });
  const path = `/tenants/${name}`;
  if (name !== 'plain') await operator.put(`${path}/agents/${agentName}/price?skill=${skill}`, { price });
  if (name === 'budgets') {
    const budget = { limitMicrocredits, mode: 'hard' };
    await operator.put(`${path}/budgets/all`, { ...budget, period: 'month' });
    await operator.put(`${path}/budgets/agent`, { ...budget, period: 'day', scope: 'agent', subject: agentName });
    const { clientId: subject } = tenant.client;
    await operator.put(`${path}/budgets/client`, { ...budget, period: 'total', scope: 'client', subject });
  }
  return tenant;
}

async function readUncounted(operator: AdminApi): Promise<number> {
  const { usedMicrocredits } = await operator.get<{ usedMicrocredits: number }>('/tenants/budgets/credits');
  const { items } = await operator.get<{ items: readonly { spentMicrocredits: number }[] }>('/tenants/budgets/budgets');
  return items.reduce((sum, { spentMicrocredits }) => sum + Math.abs(spentMicrocredits - usedMicrocredits), 0);
}
