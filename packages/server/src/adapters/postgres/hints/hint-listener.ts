import { Client } from 'pg';
import type { CancelTimer, Clock } from '../../../kernel/clock.ts';
import { idOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { tasksChannel } from './hint-sender.ts';

export interface HintListenerOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Hints of this sender are its own and passed over. */
  readonly sender: string;
  readonly onTask: (taskId: TaskId) => void;
}

const reconnectMs = 500;
const connectMs = 5_000;

/** Listens for hints on a connection of its own and comes back by itself. While it is away, readers live by their polls. */
export class HintListener {
  readonly #options: HintListenerOptions;
  #client: Client | null = null;
  #cancelRetry: CancelTimer = () => undefined;
  #stopped = false;

  constructor(options: HintListenerOptions) {
    this.#options = options;
  }

  /** Resolves after the first try, whether it succeeded or not. */
  async start(): Promise<void> {
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#options.url,
      application_name: 'colloquy hints',
      keepAlive: true,
      connectionTimeoutMillis: connectMs,
    });
    this.#client = client;
    client.on('error', () => this.#retry(client));
    client.on('end', () => this.#retry(client));
    client.on('notification', ({ payload }) => this.#deliver(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${tasksChannel}`);
    } catch {
      this.#retry(client);
    }
  }

  #retry(client: Client): void {
    if (this.#stopped || this.#client !== client) return;
    this.#client = null;
    void client.end().catch(() => undefined);
    this.#cancelRetry = this.#options.clock.after(reconnectMs, () => void this.#connect());
  }

  #deliver(payload: string): void {
    const [sender, ids] = payload.split(':', 2);
    if (sender === this.#options.sender || ids === undefined) return;
    for (const id of ids.split(',')) this.#options.onTask(idOf('tsk', id));
  }
}
