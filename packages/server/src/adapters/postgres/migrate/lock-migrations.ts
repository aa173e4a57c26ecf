import type { Client } from 'pg';

/** Makes this session the only one that migrates this database, until it ends. Waits as long as `lock_timeout` allows. */
export async function lockMigrations(client: Client): Promise<void> {
  await client.query("select pg_advisory_lock(hashtextextended('colloquy.schema_migrations', 0))");
}
