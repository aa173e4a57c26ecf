import { accessToken, openAdminApi } from '@colloquy/bench/process/admin-api';
import type { AdminApi, ClientCredentials } from '@colloquy/bench/process/admin-api';
import { initPlatform, startPlatform } from '@colloquy/bench/process/platform';
import type { Platform } from '@colloquy/bench/process/platform';
import { startProgram } from '@colloquy/bench/process/program';
import type { Program } from '@colloquy/bench/process/program';
import { createTenant } from '@colloquy/bench/process/tenants';
import type { WorkFolder } from '@colloquy/bench/process/work-folder';
import type { Attacker } from './attacker.ts';

/** A platform with two tenants: one whose agents are hostile, and its neighbour, whose agent is good. */
export interface Stage extends AsyncDisposable {
  readonly platform: Platform;
  readonly attackers: readonly Attacker[];
  readonly operator: () => Promise<AdminApi>;
  /** A fresh token of a tenant's client. */
  readonly tokenOf: (tenant: 'hostile' | 'neighbour') => Promise<string>;
}

export const priceMicrocredits = 1_000;
export const goodAgent = 'echo';
const grantMicrocredits = 1_000_000_000_000;
const readyMsMax = 20_000;

export async function setStage(folder: WorkFolder): Promise<Stage> {
  await using undo = new AsyncDisposableStack();
  const env = { COLLOQUY_DATA_DIR: folder.file('data'), COLLOQUY_HTTP_PORT: '0', COLLOQUY_OPS_PORT: '0' };
  const credentials = await initPlatform({ ...env, COLLOQUY_GRPC_PORT: '0' });
  const platform = await startPlatform({ ...env, COLLOQUY_GRPC_PORT: '0' }, folder.file('platform.log'));
  undo.use(platform.program);
  const start = (label: string, script: URL): Promise<Program> =>
    startProgram({
      label,
      script,
      logFile: folder.file(`${label}.log`),
      readyMsMax,
      tethered: true,
    });
  const good = undo.use(await start('echo-agent', new URL(import.meta.resolve('@colloquy/bench/echo-agent'))));
  const bad = undo.use(await start('hostile-agents', new URL('./agents.ts', import.meta.url)));
  // Printed by our own program.
  const attackers = bad.ready['attackers'] as readonly Attacker[];
  const operator = async (): Promise<AdminApi> =>
    openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const clients = await createTenants(await operator(), attackers, String(good.ready['url']));
  const held = undo.move();
  return {
    platform,
    attackers,
    operator,
    tokenOf: (tenant) => accessToken(platform.url, clients[tenant]),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function createTenants(
  api: AdminApi,
  attackers: readonly Attacker[],
  goodUrl: string,
): Promise<Record<'hostile' | 'neighbour', ClientCredentials>> {
  const cardUrl = new URL('/.well-known/agent-card.json', goodUrl).href;
  const agents = [{ name: goodAgent, cardUrl, priceMicrocredits, idempotent: true }];
  const neighbour = await createTenant(api, 'neighbour', { grantMicrocredits, agents });
  const hostile = await createTenant(api, 'hostile', { grantMicrocredits, agents: [] });
  for (const { agent, card, taskMsMax } of attackers)
    await api.post('/tenants/hostile/agents', { name: agent, card, priceMicrocredits, taskMsMax });
  return { neighbour: neighbour.client, hostile: hostile.client };
}
