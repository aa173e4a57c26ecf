import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** Where a conversation with the database ends: behind this many messages of the request, or behind this many of its answer. */
export interface Cut {
  readonly of: 'request' | 'answer';
  readonly after: number;
}

/** A cut that was asked for. */
export interface ArmedCut {
  /** Whether the request, or its answer, had so many messages, and the connection has ended behind them. */
  readonly isMade: boolean;
  /** Resolves when the connection has ended. */
  readonly made: Promise<void>;
  /** Waits until the database has done what had reached it, and has ended the session. Only of a cut that was made. */
  readonly over: () => Promise<void>;
}

/** A proxy before a test database that knows the messages of its protocol, and ends a connection between any two of them. */
export interface CuttingProxy extends AsyncDisposable {
  /** The database's address through the proxy. */
  readonly url: string;
  /**
   * Cuts the next request, up to its Sync, that runs this prepared statement. With `forGood` the proxy takes no connection until the next cut is armed,
   * and ends all: for the database the process behind it is gone.
   */
  arm(statementName: string, cut: Cut, forGood?: 'for good'): ArmedCut;
}

/** Messages of a request that is held back until it is whole: Bind, Close, Describe, Execute, Flush, Parse, Sync (PostgreSQL, chapter 54). */
const requestTypes = new Set(['B', 'C', 'D', 'E', 'H', 'P', 'S']);

interface Plan {
  readonly name: string;
  readonly cut: Cut;
  readonly isForGood: boolean;
  session: Socket | null;
  readonly made: PromiseWithResolvers<void>;
}

/** Stands between a client and the database at `databaseUrl`, which may be a Unix socket's. */
export async function startCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const state: { plan: Plan | null; isAway: boolean } = { plan: null, isAway: false };

  const proxy = createServer({ allowHalfOpen: true }, (client) => {
    keep(sockets, client);
    if (state.isAway) return void client.destroy();
    const server = connect({ port: Number(target.port), host: '127.0.0.1', allowHalfOpen: true });
    keep(sockets, server);
    relay(client, server, {
      takePlan(request) {
        const { plan } = state;
        if (plan === null || !request.some((message) => message.includes(`\0${plan.name}\0`))) return null;
        state.plan = null;
        return plan;
      },
      made(plan) {
        plan.session = server;
        plan.made.resolve();
        if (!plan.isForGood) return;
        state.isAway = true;
        for (const socket of sockets) if (socket !== server) socket.destroy();
      },
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: urlThrough(target, proxy.address()),
    arm(name, cut, forGood) {
      const made = Promise.withResolvers<void>();
      const plan: Plan = { name, cut, isForGood: forGood !== undefined, session: null, made };
      Object.assign(state, { plan, isAway: false });
      return {
        get isMade() {
          return plan.session !== null;
        },
        made: made.promise,
        async over() {
          await made.promise;
          if (plan.session?.closed === false) await once(plan.session, 'close');
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

interface Plans {
  /** The plan for this request, when there is one. It is taken once. */
  readonly takePlan: (request: readonly Buffer[]) => Plan | null;
  readonly made: (plan: Plan) => void;
}

/** Passes the messages of both on, until the plan says that the connection ends. */
function relay(client: Socket, server: Socket, { takePlan, made }: Plans): void {
  const [asked, answered] = [new Messages(true), new Messages(false)];
  const request: Buffer[] = [];
  /** A cut of the answer, with the messages that still pass. */
  let answer: { readonly plan: Plan; left: number } | null = null;
  let isCut = false;

  const end = (plan: Plan): void => {
    isCut = true;
    // What was written arrives before the end does.
    client.end();
    server.end();
    made(plan);
  };
  const passOn = (messages: readonly Buffer[]): void => {
    const plan = takePlan(messages);
    const passes = plan?.cut.of === 'request' ? plan.cut.after : messages.length;
    server.write(Buffer.concat(messages.slice(0, passes)));
    if (plan === null || passes > messages.length) return;
    if (plan.cut.of === 'request' || plan.cut.after === 0) return end(plan);
    answer = { plan, left: plan.cut.after };
  };
  client.on('data', (data) => {
    for (const message of asked.split(data)) {
      if (isCut) return;
      if (!requestTypes.has(typeOf(message))) server.write(message);
      else if (request.push(message) > 0 && typeOf(message) === 'S') passOn(request.splice(0));
    }
  });
  server.on('data', (data) => {
    for (const message of answered.split(data)) {
      if (isCut) return;
      client.write(message);
      if (answer === null) continue;
      answer.left -= 1;
      if (answer.left === 0) end(answer.plan);
      // It had fewer messages than should pass.
      else if (typeOf(message) === 'Z') answer = null;
    }
  });
  client.on('end', () => server.end()).on('close', () => server.end());
  server.on('end', () => client.end()).on('close', () => client.destroy());
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
}

/** Cuts a stream of bytes into the messages of the protocol. The first one of a client has no type. */
class Messages {
  #rest: Buffer = Buffer.alloc(0);
  #isUntyped: boolean;

  constructor(isUntyped: boolean) {
    this.#isUntyped = isUntyped;
  }

  split(data: Buffer): readonly Buffer[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const messages: Buffer[] = [];
    for (;;) {
      const lengthAt = this.#isUntyped ? 0 : 1;
      if (this.#rest.length < lengthAt + 4) return messages;
      const length = lengthAt + this.#rest.readInt32BE(lengthAt);
      if (this.#rest.length < length) return messages;
      messages.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
      this.#isUntyped = false;
    }
  }
}

function typeOf(message: Buffer): string {
  return String.fromCharCode(message[0] ?? 0);
}

function urlThrough(target: URL, address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = typeof address === 'object' && address !== null ? String(address.port) : '';
  url.searchParams.delete('host');
  return url.href;
}
