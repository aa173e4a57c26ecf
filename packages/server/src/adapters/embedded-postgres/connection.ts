import { Client } from 'pg';
import { createDatabase, databaseExists, readServerIdentity } from '../postgres/database-server.ts';
import type { ServerIdentity } from '../postgres/database-server.ts';
import { adminLogin } from './cluster.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Passwords } from './passwords.ts';
import { isSocketUsable } from './settings.ts';

export const runtimeLogin = 'colloquy_login';
const databaseName = 'colloquy';

const connectMs = 5_000;

export interface ConnectionUrls {
  readonly adminUrl: string;
  readonly runtimeUrl: string;
}

/** Over the Unix socket where its path is short enough, because it costs less than TCP. */
export function connectionUrls(directory: DataDirectory, port: number, passwords: Passwords): ConnectionUrls {
  return {
    adminUrl: urlOf(directory, port, `${adminLogin}:${passwords.admin}`, databaseName),
    runtimeUrl: urlOf(directory, port, `${runtimeLogin}:${passwords.runtime}`, databaseName),
  };
}

function urlOf(directory: DataDirectory, port: number, credentials: string, database: string): string {
  const isSocket = isSocketUsable(directory.socket);
  const host = isSocket ? 'localhost' : '127.0.0.1';
  // The socket and the loopback need no TLS, and a PGSSLMODE of the operator's shell must not ask for it.
  const query = new URLSearchParams({ sslmode: 'disable', ...(isSocket ? { host: directory.socket } : {}) });
  return `postgresql://${credentials}@${host}:${port}/${database}?${query.toString()}`;
}

/** Logs in as the administrator, makes the platform's database when it is missing, and returns the identity of the server. */
export async function greetServer(
  directory: DataDirectory,
  port: number,
  passwords: Passwords,
): Promise<ServerIdentity> {
  const connectionString = urlOf(directory, port, `${adminLogin}:${passwords.admin}`, 'postgres');
  const client = new Client({
    connectionString,
    application_name: 'colloquy-start',
    connectionTimeoutMillis: connectMs,
  });
  // A broken connection also fails the query in hand, which is where it is reported.
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!(await databaseExists(client, databaseName))) await createDatabase(client, databaseName);
    return await readServerIdentity(client);
  } finally {
    await client.end();
  }
}
