import { setTimeout as wait } from 'node:timers/promises';
import { createPool, startEmbeddedPostgres } from '@colloquy/server/test';

/** The database of a run, which outlives every platform process because the run itself uses it. */
export interface RunDatabase extends AsyncDisposable {
  /** The platform's settings for this database. */
  readonly env: Readonly<Record<'DATABASE_URL' | 'COLLOQUY_DATABASE_ADMIN_URL', string>>;
  /** One read as the administrator, who sees all tenants; said again while the server is away. `bigint` columns come as BigInt. */
  read<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

const statementMsMax = 60_000;
const awayMsMax = 15_000;
const retryMs = 100;

/** The connection broke or there is no server; SQLSTATE classes 08 and 57P. What a statement itself is refused for is none of that. */
function isAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57P');
}

export async function startRunDatabase(dataDir: string): Promise<RunDatabase> {
  const server = await startEmbeddedPostgres({ dataDir });
  const pool = createPool({
    url: server.adminUrl,
    connectionsMax: 1,
    applicationName: 'colloquy-chaos',
    statementTimeoutMs: statementMsMax,
  });
  return {
    env: { DATABASE_URL: server.runtimeUrl, COLLOQUY_DATABASE_ADMIN_URL: server.adminUrl },
    async read<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
      const deadlineMs = performance.now() + awayMsMax;
      for (;;) {
        try {
          return (await pool.query(sql, [...values])).rows as Row[];
        } catch (error) {
          // The server is back before long when it was this run that took it away.
          if (performance.now() > deadlineMs || !isAway(error)) throw error;
          await wait(retryMs);
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await server.stop();
    },
  };
}
