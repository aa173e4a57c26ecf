import type { Clock } from '../../../kernel/clock.ts';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** Carries ids of tasks whose log grew; other processes read the rows. */
export const tasksChannel = 'colloquy_tasks';

/** PostgreSQL takes payloads below 8,000 bytes; an id and its comma are 33. */
const idsPerPayloadMax = 200;
const spacingMs = 2;

interface NotificationSenderOptions {
  readonly pool: DatabasePool;
  readonly clock: Clock;
  /** Names the sending process, so that it can ignore its own notifications. */
  readonly sender: string;
}

/**
 * The one notifier of this process. Ids that arrive while a notification is under way, or within a moment, leave together.
 * Lossy by design: a failed notification is forgotten.
 */
export class NotificationSender {
  readonly #options: NotificationSenderOptions;
  #hasListeners = false;
  #waiting = new Set<TaskId>();
  #isBusy = false;

  constructor(options: NotificationSenderOptions) {
    this.#options = options;
  }

  /** Sends nothing while no other node is alive. */
  noteOtherNodes(others: number): void {
    this.#hasListeners = others > 0;
  }

  /** A task's log grew. */
  announce(taskId: TaskId): void {
    if (!this.#hasListeners || this.#waiting.size >= limits.notificationIdsWaitingMax) return;
    this.#waiting.add(taskId);
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#options.clock.after(spacingMs, () => void this.#send());
  }

  async #send(): Promise<void> {
    const ids = [...this.#waiting].slice(0, idsPerPayloadMax);
    for (const id of ids) this.#waiting.delete(id);
    const payload = `${this.#options.sender}:${ids.map(uuidOf).join(',')}`;
    await inTransaction(this.#options.pool, { tenantIds: [] }, [notify(tasksChannel, payload)]).catch(() => undefined);
    if (this.#waiting.size > 0) this.#options.clock.after(spacingMs, () => void this.#send());
    else this.#isBusy = false;
  }
}

/** One notification that several ids share. */
function notify(channel: string, payload: string): Statement {
  return { name: 'notify', text: `select pg_notify($1, $2)`, values: [channel, payload] };
}
