import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Target } from '../raw-http/target.ts';

/** What a connection is slow in. */
export const slowKinds = ['slow header', 'slow body', 'an unauthenticated slow body', 'slow reader', 'idle'] as const;
export type SlowKind = (typeof slowKinds)[number];

interface Reached {
  readonly target: Pick<Target, 'port' | 'path' | 'token'>;
  readonly localAddress: string;
}

interface Habit {
  /** What it begins with. */
  readonly start: (to: Reached['target']) => string;
  /** What it says every second; empty: nothing. */
  readonly drip: string;
  /** The longest that the platform may keep such a connection; null: as long as it is read from. */
  readonly keptMsMax: number | null;
}

const dripMs = 1_000;
/** The platform looks every second, and a busy machine is late. */
const slackMs = 8_000;

const post = (path: string, fields: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${fields}`;

const habits: Readonly<Record<SlowKind, Habit>> = {
  'slow header': { start: ({ path }) => post(path, 'X-A: '), drip: 'a', keptMsMax: 10_000 },
  'slow body': {
    start: ({ path, token }) => post(path, `Authorization: Bearer ${token}\r\nContent-Length: 60000\r\n\r\n`),
    drip: 'a',
    keptMsMax: 30_000,
  },
  'an unauthenticated slow body': {
    start: () =>
      `POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n`,
    drip: 'a',
    keptMsMax: 30_000,
  },
  'slow reader': {
    start: ({ path, token }) =>
      `GET ${path}/.well-known/agent-card.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`.repeat(
        20,
      ),
    drip: '',
    keptMsMax: null,
  },
  idle: { start: () => '', drip: '', keptMsMax: 10_000 },
};

/** One connection that only takes room, and comes back when it is closed. */
export class SlowSocket {
  readonly kind: SlowKind;
  readonly #reached: Reached;
  #socket: Socket;
  #openedMs = 0;
  #longestMs = 0;
  #dripping: NodeJS.Timeout;
  #isOver = false;
  closedCount = 0;

  constructor(kind: SlowKind, reached: Reached) {
    this.kind = kind;
    this.#reached = reached;
    this.#socket = this.#open();
    this.#dripping = setInterval(() => this.#drip(), dripMs);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** What is wrong with how long the platform kept it. */
  overstay(): string[] {
    const { keptMsMax } = habits[this.kind];
    const longestMs = Math.max(this.#longestMs, performance.now() - this.#openedMs);
    if (keptMsMax === null || longestMs <= keptMsMax + slackMs) return [];
    return [`a connection (${this.kind}) was kept for ${(longestMs / 1_000).toFixed(1)} s`];
  }

  end(): void {
    this.#isOver = true;
    clearInterval(this.#dripping);
    this.#socket.destroy();
  }

  #open(): Socket {
    const { target, localAddress } = this.#reached;
    const socket = connect({ port: target.port, host: '127.0.0.1', localAddress });
    this.#openedMs = performance.now();
    socket.on('error', () => undefined);
    // Read to its end, so that a close is seen; a slow reader takes nothing.
    if (this.kind !== 'slow reader') socket.resume();
    socket.on('close', () => this.#comeBack());
    const start = habits[this.kind].start(target);
    if (start !== '') socket.write(start);
    return socket;
  }

  #comeBack(): void {
    this.#longestMs = Math.max(this.#longestMs, performance.now() - this.#openedMs);
    if (this.#isOver) return;
    this.closedCount += 1;
    this.#socket = this.#open();
  }

  #drip(): void {
    const { drip } = habits[this.kind];
    if (drip !== '' && this.#socket.writable) this.#socket.write(drip);
  }
}
