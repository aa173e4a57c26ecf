import { randomBytes } from 'node:crypto';
import { createPool } from '@colloquy/server/test';
import { startRunDatabase } from '../process/database.ts';
import type { RunDatabase } from '../process/database.ts';
import type { LoadOrder } from '../load/measurement.ts';
import { accessToken, openAdminApi } from '../process/admin-api.ts';
import { initPlatform, startPlatform } from '../process/platform.ts';
import type { Platform } from '../process/platform.ts';
import { agentPath, createTenant } from '../process/tenants.ts';
import type { RunTenant } from '../process/tenants.ts';
import type { WorkFolder } from '../process/work-folder.ts';

export const agentName = 'echo';
const loadStatementMsMax = 10 * 60_000;

/** One platform process with a database of its own and one tenant. */
export interface Side extends AsyncDisposable {
  readonly platform: Platform;
  readonly database: RunDatabase;
  readonly tenant: RunTenant;
  /** Runs statements without values in one transaction, as the administrator of the database. Two may run at once. */
  run(sql: string): Promise<void>;
  /** Where sends go, with a fresh token. */
  target(): Promise<Pick<LoadOrder, 'host' | 'port' | 'targets'>>;
}

export async function startSide(folder: WorkFolder, name: string, agentUrl: string): Promise<Side> {
  await using undo = new AsyncDisposableStack();
  const database = undo.use(await startRunDatabase(folder.file(`${name}-data`)));
  const env = {
    ...database.env,
    COLLOQUY_SECRET_KEY: randomBytes(32).toString('base64'),
    COLLOQUY_DATA_DIR: folder.file(`${name}-platform`),
    COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
    COLLOQUY_HTTP_PORT: '0',
    COLLOQUY_OPS_PORT: '0',
  };
  const credentials = await initPlatform(env);
  const platform = await startPlatform(env, folder.file(`${name}.log`));
  undo.use(platform.program);
  const pool = createPool({
    url: database.env.COLLOQUY_DATABASE_ADMIN_URL,
    connectionsMax: 2,
    applicationName: 'colloquy-history',
    statementTimeoutMs: loadStatementMsMax,
  });
  undo.defer(() => pool.end());
  const operator = openAdminApi(platform.url, await accessToken(platform.url, credentials));
  const cardUrl = new URL('/.well-known/agent-card.json', agentUrl).href;
  const tenant = await createTenant(operator, name, {
    grantMicrocredits: 1_000_000_000_000,
    agents: [{ name: agentName, cardUrl, priceMicrocredits: 1_000, idempotent: true }],
  });
  const { hostname: host, port } = new URL(platform.url);
  const held = undo.move();
  return {
    platform,
    database,
    tenant,
    run: async (sql) => void (await pool.query(sql)),
    target: async () => ({
      host,
      port: Number(port),
      targets: [{ path: agentPath(name, agentName), token: await accessToken(platform.url, tenant.client) }],
    }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
