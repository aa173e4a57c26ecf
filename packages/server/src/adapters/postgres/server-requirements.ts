import { Client, DatabaseError } from 'pg';

/** The oldest major version of PostgreSQL that the platform runs on. */
export const serverMajorMin = 15;

const connectMs = 5_000;
/** SQLSTATE `too_many_connections`. */
const tooManyConnections = '53300';

/** The version of the server, for example `15.18`. */
export async function readServerVersion(client: Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  return rows[0]?.server_version.split(' ')[0] ?? '';
}

/** Whether the platform runs on this version. A development version such as `19beta1` counts as its major version. */
export function isServerSupported(version: string): boolean {
  return Number.parseInt(version, 10) >= serverMajorMin;
}

/** How a server meets the requirements of one process. */
export interface ServerCheck {
  /** Null when the server refused every connection. */
  readonly version: string | null;
  /** Connections that the server refused because it has too many. */
  readonly refused: number;
}

/**
 * Opens this many connections at once, reads the version, and closes them. Rejects when the server cannot be reached or refuses for another reason
 * than too many connections.
 */
export async function checkServer(url: string, connections: number): Promise<ServerCheck> {
  const clients = Array.from({ length: connections }, () => clientFor(url));
  try {
    const opened = await Promise.all(clients.map(open));
    const client = clients[opened.indexOf(true)];
    return {
      version: client === undefined ? null : await readServerVersion(client),
      refused: opened.filter((isOpen) => !isOpen).length,
    };
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}

function clientFor(url: string): Client {
  const client = new Client({
    connectionString: url,
    application_name: 'colloquy-check',
    connectionTimeoutMillis: connectMs,
  });
  // A broken connection also fails the query in hand, which is where it is reported.
  client.on('error', () => undefined);
  return client;
}

/** Whether the server takes the connection; false when it has too many. */
async function open(client: Client): Promise<boolean> {
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === tooManyConnections) return false;
    throw error;
  }
}
