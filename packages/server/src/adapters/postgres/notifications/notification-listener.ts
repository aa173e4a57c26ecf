import { Client } from 'pg';
import type { CancelTimer, Clock } from '../../../kernel/clock.ts';
import { idOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { tasksChannel } from './notification-sender.ts';

interface NotificationListenerOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Hints of this sender are its own and passed over. */
  readonly sender: string;
  readonly onTask: (taskId: TaskId) => void;
  /** Routes of this tenant changed, whoever changed them. */
  readonly onRoutes: (tenantId: TenantId) => void;
  /** Rights in this tenant changed, or null: those of everybody. */
  readonly onAccess: (tenantId: TenantId | null) => void;
  /** A breaker opened or closed, whosever it is. */
  readonly onBreakers: () => void;
}

/** Tenants whose agents changed; the tables themselves say so (`colloquy.hint_routes`). */
const routesChannel = 'colloquy_routes';
/** Tenants in which rights changed, and the empty text for the platform's keys; the tables say so (`colloquy.hint_access`). */
const accessChannel = 'colloquy_access';
/** A breaker opened or closed; the table says so (`colloquy.hint_breakers`). */
const breakersChannel = 'colloquy_breakers';
const listening = [tasksChannel, routesChannel, accessChannel, breakersChannel]
  .map((name) => `listen ${name}`)
  .join('; ');
const reconnectMs = 500;
const connectMs = 5_000;

/** Listens for hints on a connection of its own and comes back by itself. While it is away, readers live by their polls. */
export class NotificationListener {
  readonly #options: NotificationListenerOptions;
  #client: Client | null = null;
  #cancelRetry: CancelTimer = () => undefined;
  #stopped = false;

  constructor(options: NotificationListenerOptions) {
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
    client.on('notification', ({ channel, payload }) => this.#deliver(channel, payload ?? ''));
    try {
      await client.connect();
      await client.query(listening);
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

  #deliver(channel: string, payload: string): void {
    if (channel === routesChannel) return this.#options.onRoutes(idOf('tnt', payload));
    if (channel === accessChannel) return this.#options.onAccess(payload === '' ? null : idOf('tnt', payload));
    if (channel === breakersChannel) return this.#options.onBreakers();
    const [sender, ids] = payload.split(':', 2);
    if (sender === this.#options.sender || ids === undefined) return;
    for (const id of ids.split(',')) this.#options.onTask(idOf('tsk', id));
  }
}
