import { escapeIdentifier } from 'pg';
import type { Client } from 'pg';

/** Must run outside of a transaction. Owned by the login of `client`. */
export async function createDatabase(client: Client, name: string): Promise<void> {
  await client.query(`create database ${escapeIdentifier(name)}`);
}
