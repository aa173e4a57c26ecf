import type { Client } from 'pg';

/** How long statements of this session wait for a lock from now on. */
export async function setLockTimeout(client: Client, lockTimeoutMs: number): Promise<void> {
  await client.query("select set_config('lock_timeout', $1, false)", [String(lockTimeoutMs)]);
}
