import type { Client } from 'pg';
import type { AppliedMigration } from './pending-migrations.ts';

export async function recordMigration(client: Client, { name, checksum }: AppliedMigration): Promise<void> {
  await client.query('insert into public.schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
}
