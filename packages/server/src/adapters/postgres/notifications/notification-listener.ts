import { Client } from 'pg';
import type { CancelTimer, Clock } from '../../../kernel/clock.ts';
import { idOf } from '../../../kernel/ids.ts';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { tasksChannel } from './notification-sender.ts';

interface NotificationListenerOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Ignores notifications of this sender, which are its own. */
  readonly sender: string;
  readonly onTask: (taskId: TaskId) => void;
  /** Routes of this tenant changed, at any process. */
  readonly onRoutes: (tenantId: TenantId) => void;
  /** Rights in this tenant changed; null: in every tenant. */
  readonly onAccess: (tenantId: TenantId | null) => void;
  /** A circuit breaker of any tenant opened or closed. */
  readonly onBreakers: () => void;
}

/** Tenants whose agents changed; triggers on the tables send it (`colloquy.hint_routes`). */
const routesChannel = 'colloquy_routes';
/** Tenants in which rights changed, and the empty text for the platform's keys; triggers send it (`colloquy.hint_access`). */
const accessChannel = 'colloquy_access';
/** A circuit breaker opened or closed; a trigger sends it (`colloquy.hint_breakers`). */
const breakersChannel = 'colloquy_breakers';
const listening = [tasksChannel, routesChannel, accessChannel, breakersChannel]
  .map((name) => `listen ${name}`)
  .join('; ');
const reconnectMs = 500;
const connectMs = 5_000;

/** Listens for notifications on a connection of its own, and reconnects by itself. Meanwhile readers rely on their polls. */
export class NotificationListener {
  readonly #options: NotificationListenerOptions;
  #client: Client | null = null;
  #cancelRetry: CancelTimer = () => undefined;
  #stopped = false;

  constructor(options: NotificationListenerOptions) {
    this.#options = options;
  }

  /** Resolves after the first attempt to connect, successful or not. */
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
      application_name: 'colloquy notifications',
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
