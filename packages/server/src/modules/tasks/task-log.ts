import type { ByteBudget } from '../../kernel/byte-budget.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { EntryMap } from '../../kernel/entry-map.ts';
import type { TaskEvent } from './task-event.ts';
import { TaskFollower } from './task-follower.ts';
import type { FollowedLog } from './task-follower.ts';
import type { LogPosition, LogTail, TaskStore } from './task-store.ts';

interface Followed extends FollowedLog {
  readonly tenantId: TenantId;
  /** Each with the id of its reader; undefined for a follower that is no client's stream. */
  readonly followers: Map<TaskFollower, string | undefined>;
  lastSeq: number;
  reading: boolean;
  notifiedWhileReading: boolean;
}

/** What a task log needs. */
export interface TaskLogOptions {
  readonly store: Pick<TaskStore, 'readTail' | 'findGrown'>;
  readonly clock: Clock;
  /** Counts the bytes that wait for readers; absent: they are not counted. */
  readonly budget?: ByteBudget;
  /**
   * The last sequence that this process has published of a task that it works on; null for other tasks. Later events are published too, so a follower
   * that has the log up to here needs no read and no poll.
   */
  readonly publishedHere: (taskId: TaskId) => number | null;
}

/**
 * Live views of task logs. Commits of this process arrive by `publish`. Commits of other processes arrive by `notify` and, because a notification may
 * be lost, by a poll every `limits.logPollMs`, which asks once for all followed tasks of a tenant which logs have grown. One read serves all
 * followers of a task.
 */
export class TaskLog {
  readonly #store: TaskLogOptions['store'];
  readonly #clock: Clock;
  readonly #budget: ByteBudget | undefined;
  readonly #publishedHere: TaskLogOptions['publishedHere'];
  readonly #followed = new EntryMap<TaskId, Followed>();
  /** By tenant and by reader, whose ids are never the same. */
  readonly #counts = new Map<string, number>();
  /** Tenants whose last poll has no answer yet: a slow database is not asked again meanwhile. */
  readonly #asking = new Set<TenantId>();
  #followerCount = 0;
  #cancelPoll: CancelTimer | null = null;

  constructor(options: TaskLogOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#budget = options.budget;
    this.#publishedHere = options.publishedHere;
  }

  /** Shows committed events to local followers. Events of one task come in order. */
  publish(taskId: TaskId, events: readonly TaskEvent[]): void {
    const followed = this.#followed.get(taskId);
    const last = events.at(-1);
    if (followed === undefined || last === undefined) return;
    followed.lastSeq = Math.max(followed.lastSeq, last.seq);
    const { size } = followed.followers;
    for (const follower of followed.followers.keys()) follower.push(events, size);
  }

  /** Another process has appended to this task. */
  notify(taskId: TaskId): void {
    const followed = this.#followed.get(taskId);
    if (followed === undefined) return;
    if (followed.reading) followed.notifiedWhileReading = true;
    else void this.#read(taskId, followed);
  }

  /** How many live views are open in this process. */
  get followerCount(): number {
    return this.#followerCount;
  }

  /** How many of them are of this tenant, or of this reader. */
  followerCountOf(id: string): number {
    return this.#counts.get(id) ?? 0;
  }

  /** A view of the log after `afterSeq`, counted for its reader. It sees every event once, in order. Close it by `return()`. */
  follow(tenantId: TenantId, taskId: TaskId, afterSeq: number, readerId?: string): TaskFollower {
    const followed = this.#followed.get(taskId) ?? this.#open(tenantId, taskId, afterSeq);
    // Ids are unique by chance alone, and the isolation of tenants must not depend on chance.
    if (followed.tenantId !== tenantId) throw new PlatformError('task.unknown');
    const publishedSeq = this.#publishedHere(taskId);
    const isBehind = publishedSeq === null || afterSeq < publishedSeq;
    const held = this.#budget?.open({ tenantId, partyId: readerId ?? '', kind: 'callers' });
    const follower = new TaskFollower(followed, { afterSeq, isBehind, held });
    followed.followers.set(follower, readerId);
    this.#count(tenantId, readerId, 1);
    return follower;
  }

  #open(tenantId: TenantId, taskId: TaskId, lastSeq: number): Followed {
    const followed: Followed = {
      tenantId,
      followers: new Map(),
      lastSeq,
      reading: false,
      notifiedWhileReading: false,
      read: (afterSeq) => this.#catchUp(taskId, followed, afterSeq),
      leave: (follower) => this.#leave(taskId, follower),
    };
    this.#followed.set(taskId, followed);
    this.#cancelPoll ??= this.#clock.after(limits.logPollMs, this.#poll);
    return followed;
  }

  /** One follower reads what it has missed; what is new to this process is new to the others too. */
  async #catchUp(taskId: TaskId, followed: Followed, afterSeq: number): Promise<LogTail> {
    const tail = await this.#store.readTail(followed.tenantId, taskId, afterSeq);
    if (this.#followed.get(taskId) === followed)
      this.publish(
        taskId,
        tail.events.filter(({ seq }) => seq > followed.lastSeq),
      );
    return tail;
  }

  readonly #poll = (): void => {
    this.#cancelPoll = this.#clock.after(limits.logPollMs, this.#poll);
    const positions = new Map<TenantId, LogPosition[]>();
    for (const [taskId, { tenantId, lastSeq, reading }] of this.#followed) {
      if (reading || this.#asking.has(tenantId) || this.#publishedHere(taskId) !== null) continue;
      const ofTenant = positions.get(tenantId);
      if (ofTenant === undefined) positions.set(tenantId, [{ taskId, seq: lastSeq }]);
      else ofTenant.push({ taskId, seq: lastSeq });
    }
    for (const [tenantId, ofTenant] of positions) void this.#ask(tenantId, ofTenant);
  };

  async #ask(tenantId: TenantId, positions: readonly LogPosition[]): Promise<void> {
    this.#asking.add(tenantId);
    try {
      for (let from = 0; from < positions.length; from += limits.logPollTasksMax) {
        const some = positions.slice(from, from + limits.logPollTasksMax);
        for (const taskId of await this.#store.findGrown(tenantId, some)) this.notify(taskId);
      }
    } catch {
      // The database is unavailable; the next poll asks again.
    } finally {
      this.#asking.delete(tenantId);
    }
  }

  #leave(taskId: TaskId, follower: TaskFollower): void {
    const followed = this.#followed.get(taskId);
    const readerId = followed?.followers.get(follower);
    if (followed === undefined || !followed.followers.delete(follower)) return;
    this.#count(followed.tenantId, readerId, -1);
    if (followed.followers.size > 0) return;
    this.#followed.delete(taskId);
    if (this.#followed.size > 0) return;
    this.#cancelPoll?.();
    this.#cancelPoll = null;
  }

  #count(tenantId: TenantId, readerId: string | undefined, change: 1 | -1): void {
    this.#followerCount += change;
    for (const id of [tenantId, readerId]) {
      if (id === undefined) continue;
      const count = this.followerCountOf(id) + change;
      if (count === 0) this.#counts.delete(id);
      else this.#counts.set(id, count);
    }
  }

  async #read(taskId: TaskId, followed: Followed): Promise<void> {
    followed.reading = true;
    try {
      do {
        followed.notifiedWhileReading = false;
        const { events, isMore } = await this.#store.readTail(followed.tenantId, taskId, followed.lastSeq);
        this.publish(taskId, events);
        if (isMore) followed.notifiedWhileReading = true;
      } while (followed.notifiedWhileReading && this.#followed.get(taskId) === followed);
    } catch {
      // The database is unavailable; the next poll reads again.
    } finally {
      followed.reading = false;
    }
  }
}
