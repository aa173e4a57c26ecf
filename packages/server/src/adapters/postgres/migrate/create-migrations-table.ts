import type { Client } from 'pg';

/** The record of what was applied to this database. */
export async function createMigrationsTable(client: Client): Promise<void> {
  await client.query(`
    create table if not exists public.schema_migrations (
      name       text primary key,
      checksum   text not null,
      applied_at timestamptz not null default now()
    )`);
}
