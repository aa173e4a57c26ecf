import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { TaskEvent } from './task-event.ts';
import { TaskFollower } from './task-follower.ts';
import type { TaskStore } from './task-store.ts';

interface Followed {
  readonly tenantId: TenantId;
  readonly followers: Set<TaskFollower>;
  lastSeq: number;
  reading: boolean;
  hintedWhileReading: boolean;
  cancelPoll: CancelTimer;
}

/** What a task log stands on. */
export interface TaskLogOptions {
  readonly store: Pick<TaskStore, 'readEvents'>;
  readonly clock: Clock;
  /** Whether this process works on the task; then its commits arrive by `publish` and no poll is needed. */
  readonly isWorkedOnHere: (taskId: TaskId) => boolean;
}

/**
 * Live views of task logs. Commits of this process arrive by `publish`; commits of others by `hint`, and, because a hint may be
 * lost, by a poll every `limits.logPollMs` for each followed task. One read serves all followers of a task.
 */
export class TaskLog {
  readonly #store: Pick<TaskStore, 'readEvents'>;
  readonly #clock: Clock;
  readonly #isWorkedOnHere: (taskId: TaskId) => boolean;
  readonly #followed = new Map<TaskId, Followed>();
  readonly #countByTenant = new Map<TenantId, number>();
  #followerCount = 0;

  constructor(options: TaskLogOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#isWorkedOnHere = options.isWorkedOnHere;
  }

  /** Shows committed events to local followers. Events of one task come in order. */
  publish(taskId: TaskId, events: readonly TaskEvent[]): void {
    const followed = this.#followed.get(taskId);
    const last = events.at(-1);
    if (followed === undefined || last === undefined) return;
    followed.lastSeq = Math.max(followed.lastSeq, last.seq);
    for (const follower of followed.followers) follower.push(events);
  }

  /** Something was appended to this task elsewhere. */
  hint(taskId: TaskId): void {
    const followed = this.#followed.get(taskId);
    if (followed === undefined) return;
    if (followed.reading) followed.hintedWhileReading = true;
    else void this.#read(taskId, followed);
  }

  /** How many live views are open in this process. */
  get followerCount(): number {
    return this.#followerCount;
  }

  /** How many of them are of this tenant. */
  followerCountOf(tenantId: TenantId): number {
    return this.#countByTenant.get(tenantId) ?? 0;
  }

  /** A view of the log after `afterSeq`. It sees every event once, in order. Close it by `return()`. */
  follow(tenantId: TenantId, taskId: TaskId, afterSeq: number): TaskFollower {
    const followed = this.#followed.get(taskId) ?? this.#open(tenantId, taskId, afterSeq);
    // Ids are unique by chance alone; what is told to all readers of a task must not depend on chance.
    if (followed.tenantId !== tenantId) throw new PlatformError('task.unknown');
    const follower = new TaskFollower({
      afterSeq,
      read: (after) => this.#store.readEvents(tenantId, taskId, after, limits.logPageEventsMax),
      close: () => this.#leave(taskId, follower),
    });
    followed.followers.add(follower);
    this.#count(tenantId, 1);
    return follower;
  }

  #open(tenantId: TenantId, taskId: TaskId, lastSeq: number): Followed {
    const followed: Followed = {
      tenantId,
      followers: new Set(),
      lastSeq,
      reading: false,
      hintedWhileReading: false,
      cancelPoll: () => undefined,
    };
    this.#followed.set(taskId, followed);
    this.#schedulePoll(taskId, followed);
    return followed;
  }

  #schedulePoll(taskId: TaskId, followed: Followed): void {
    followed.cancelPoll = this.#clock.after(limits.logPollMs, () => {
      if (this.#followed.get(taskId) !== followed) return;
      if (!this.#isWorkedOnHere(taskId)) this.hint(taskId);
      this.#schedulePoll(taskId, followed);
    });
  }

  #leave(taskId: TaskId, follower: TaskFollower): void {
    const followed = this.#followed.get(taskId);
    if (followed === undefined || !followed.followers.delete(follower)) return;
    this.#count(followed.tenantId, -1);
    if (followed.followers.size > 0) return;
    followed.cancelPoll();
    this.#followed.delete(taskId);
  }

  #count(tenantId: TenantId, change: 1 | -1): void {
    this.#followerCount += change;
    const count = this.followerCountOf(tenantId) + change;
    if (count === 0) this.#countByTenant.delete(tenantId);
    else this.#countByTenant.set(tenantId, count);
  }

  async #read(taskId: TaskId, followed: Followed): Promise<void> {
    followed.reading = true;
    try {
      do {
        followed.hintedWhileReading = false;
        const events = await this.#store.readEvents(
          followed.tenantId,
          taskId,
          followed.lastSeq,
          limits.logPageEventsMax,
        );
        this.publish(taskId, events);
        if (events.length === limits.logPageEventsMax) followed.hintedWhileReading = true;
      } while (followed.hintedWhileReading && this.#followed.get(taskId) === followed);
    } catch {
      // The database is away for the moment; the next poll reads again.
    } finally {
      followed.reading = false;
    }
  }
}
