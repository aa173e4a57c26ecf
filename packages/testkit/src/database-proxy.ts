import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** A TCP proxy before a test database that loses answers and connections when a test says so. */
export interface DatabaseProxy extends AsyncDisposable {
  /** The database's address through the proxy. */
  readonly url: string;
  /** Passes the next `times` requests that name one of these prepared statements on, and cuts the connection instead of giving their answers. */
  loseAnswerTo(statementNames: readonly string[], times?: number): void;
  /** Takes no connection of this application any more, and cuts the ones it has. */
  refuse(applicationName: string): void;
  /** How many answers were lost so far. */
  readonly lostAnswers: number;
  /** How many connections were refused while the database was away. */
  readonly refusedConnections: number;
  /** Cuts every connection and takes no new one, until `comeBack`. */
  goAway(): void;
  comeBack(): void;
}

/** Stands between a client and the database at `databaseUrl`, which may be a Unix socket's. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const doomed: (readonly string[])[] = [];
  const refused: string[] = [];
  const applications = new Map<Socket, string>();
  let lostAnswers = 0;
  let refusedConnections = 0;
  let isAway = false;

  const forward = (client: Socket): void => {
    if (isAway) {
      refusedConnections += 1;
      return void client.resetAndDestroy();
    }
    const server = connect(Number(target.port), '127.0.0.1');
    keep(sockets, client, server);
    let losesAnswer = false;
    client.once('data', (data) => applications.set(client, applicationOf(data)));
    client.on('data', (data) => {
      if (refused.includes(applications.get(client) ?? '')) return void client.resetAndDestroy();
      const at = doomed.findIndex((names) => names.some((name) => data.includes(`\0${name}\0`)));
      if (at >= 0) {
        doomed.splice(at, 1);
        losesAnswer = true;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (!losesAnswer) return void client.write(data);
      lostAnswers += 1;
      client.resetAndDestroy();
    });
    client.on('close', () => {
      applications.delete(client);
      server.destroy();
    });
    server.on('close', () => client.destroy());
  };

  const proxy = createServer(forward);
  return {
    url: urlThrough(target, await listenAnywhere(proxy)),
    loseAnswerTo: (names, times = 1) => void doomed.push(...Array<readonly string[]>(times).fill(names)),
    refuse(applicationName) {
      refused.push(applicationName);
      for (const [client, name] of applications) if (name === applicationName) client.resetAndDestroy();
    },
    get lostAnswers() {
      return lostAnswers;
    },
    get refusedConnections() {
      return refusedConnections;
    },
    goAway() {
      isAway = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    comeBack() {
      isAway = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** Knows the sockets for as long as they are open. */
function keep(sockets: Set<Socket>, ...added: readonly Socket[]): void {
  for (const socket of added) {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  }
}

async function listenAnywhere(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What a connection calls itself in its first message: pairs of texts, each with a zero byte behind it. */
function applicationOf(startup: Buffer): string {
  const texts = startup.toString('latin1', 8).split('\0');
  return texts[texts.indexOf('application_name') + 1] ?? '';
}

function urlThrough(target: URL, port: number): string {
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  url.searchParams.delete('host');
  return url.href;
}
