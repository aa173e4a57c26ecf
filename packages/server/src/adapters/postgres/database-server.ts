import { escapeIdentifier } from 'pg';
import type { Client } from 'pg';

export async function databaseExists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

export interface ServerIdentity {
  readonly dataDirectory: string;
  /** For example `18.4`. */
  readonly version: string;
}

/** Which server answers: the directory that it keeps its data in, and its version. Needs a superuser. */
export async function readServerIdentity(client: Client): Promise<ServerIdentity> {
  const { rows } = await client.query<ServerIdentity>(`
    select current_setting('data_directory') as "dataDirectory", split_part(current_setting('server_version'), ' ', 1) as version`);
  const [identity] = rows;
  if (identity === undefined) throw new Error('The server did not return its data directory and version.');
  return identity;
}

/** Must run outside of a transaction. Owned by the login of `client`. */
export async function createDatabase(client: Client, name: string): Promise<void> {
  await client.query(`create database ${escapeIdentifier(name)}`);
}
