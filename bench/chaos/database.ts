import { createPool, startEmbeddedPostgres } from '@colloquy/server/test';

/** The database of a run, which outlives every platform process because the run itself uses it. */
export interface RunDatabase extends AsyncDisposable {
  /** The platform's settings for this database. */
  readonly env: Readonly<Record<'DATABASE_URL' | 'COLLOQUY_DATABASE_ADMIN_URL', string>>;
  /** One read as the administrator, who sees all tenants. `bigint` columns come as BigInt. */
  read<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

const statementMsMax = 60_000;

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
    read: async <Row>(sql: string, values: readonly unknown[] = []) =>
      (await pool.query(sql, [...values])).rows as Row[],
    async [Symbol.asyncDispose]() {
      await pool.end();
      await server.stop();
    },
  };
}
