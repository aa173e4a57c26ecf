import type { Client } from 'pg';

/** The durability settings that are off: with any of them, a crash of the machine may lose what was acknowledged. */
export async function listUnsafeSettings(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select name from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
    order by name`);
  return rows.map(({ name }) => name);
}
