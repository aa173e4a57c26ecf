import type { Client } from 'pg';
import type { AppliedMigration } from './pending-migrations.ts';

export async function listAppliedMigrations(client: Client): Promise<readonly AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select name, checksum from public.schema_migrations order by name',
  );
  return rows;
}
