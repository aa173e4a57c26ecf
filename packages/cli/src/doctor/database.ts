import { checkDatabaseServer } from '../platform/server-process.ts';
import type { DatabaseReport } from '../platform/server-process.ts';
import { fail, ok } from './check.ts';
import type { Finding } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const check = 'database';

/** Whether the server behind DATABASE_URL is a supported PostgreSQL and takes as many connections at once as one process needs. */
export async function checkDatabase(databaseUrl: string, env: Env): Promise<Finding> {
  // The URL of a Unix socket has no host, which the URL parser does not take.
  const url = URL.parse(databaseUrl.replace('@/', '@localhost/'));
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return fail(
      check,
      'DATABASE_URL is not an address of PostgreSQL',
      'Write it like postgresql://user:password@host:5432/colloquy.',
    );
  }
  const report = await checkDatabaseServer(env);
  return findingOf(`${url.hostname}:${url.port || '5432'}`, report);
}

function findingOf(where: string, { error, version, versionMin, isSupported, connections, refused }: DatabaseReport) {
  if (error !== undefined) {
    const mend = 'Check DATABASE_URL, the server and the network.';
    return fail(check, `${where} can not be used: ${error}`, mend);
  }
  if (!isSupported) {
    return fail(
      check,
      `${where} is PostgreSQL ${version ?? ''}; Colloquy needs ${versionMin} or newer`,
      'Upgrade the server, or unset DATABASE_URL to use the PostgreSQL that comes with Colloquy.',
    );
  }
  if (refused > 0) {
    return fail(
      check,
      `${where} refused ${refused} of ${connections} connections because it is full`,
      'Raise max_connections, or use a separate server for the platform.',
    );
  }
  return ok(
    check,
    `${where} is PostgreSQL ${version ?? ''} and takes the ${connections} connections that one process needs`,
  );
}
