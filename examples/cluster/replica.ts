import { startChild } from '../demo/child.ts';
import type { Child } from '../demo/child.ts';

/** What a process of the platform is for. */
export type Part = 'gateway' | 'worker';

export interface ReplicaOptions {
  readonly part: Part;
  /** Where it listens, again after each restart. */
  readonly ports: { readonly http: number; readonly ops: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const roles: Readonly<Record<Part, string>> = { gateway: 'gateway,control', worker: 'worker' };

/** One process of the platform, and whichever follows it at its place. */
export class Replica {
  readonly #options: ReplicaOptions;
  #child: Child<string> | undefined;
  #onLost: (reason: string) => void = () => undefined;
  /** Resolves with a reason when a process has ended without being told to. */
  readonly lost: Promise<string>;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => (this.#onLost = resolve));
  }

  get part(): Part {
    return this.#options.part;
  }

  get ports(): ReplicaOptions['ports'] {
    return this.#options.ports;
  }

  /** Undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The name under which the process holds its tasks; undefined while none runs. */
  get nodeId(): string | undefined {
    return this.#child?.ready;
  }

  /** Starts the process and waits until it serves. Rejects with its last words when it can not. */
  async start(): Promise<void> {
    const { part, ports, env } = this.#options;
    const child = await startChild({
      argv: ['packages/server/src/main.ts'],
      env: {
        ...env,
        COLLOQUY_ROLES: roles[part],
        COLLOQUY_HTTP_PORT: String(ports.http),
        COLLOQUY_OPS_PORT: String(ports.ops),
      },
      readyFrom: ({ msg, nodeId }) => (msg === 'ready' && typeof nodeId === 'string' ? nodeId : undefined),
    });
    this.#child = child;
    void child.ended.then(() => {
      if (this.#child === child) this.#onLost(`the ${part} at port ${ports.http} has ended by itself`);
    });
  }

  /** SIGTERM, and waits until it has left in order. */
  stop(): Promise<void> {
    return this.#take()?.stop() ?? Promise.resolve();
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.#take()?.kill() ?? Promise.resolve();
  }

  /** Ends the process in order and starts its successor at the same ports. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #take(): Child<string> | undefined {
    const child = this.#child;
    this.#child = undefined;
    return child;
  }
}
