import { agentLimits } from './agent-limits.ts';
import type { TaskRecord } from './task-record.ts';

/** How much a {@link TaskMemory} keeps. */
export interface TaskMemoryBounds {
  readonly tasksMax: number;
  readonly storeBytesMax: number;
}

/**
 * The sample store of an agent server: bounded, in memory, gone with the process. The platform keeps the durable record;
 * an agent that must survive its own restart keeps its work elsewhere and is registered as idempotent.
 */
export class TaskMemory {
  readonly #byId = new Map<string, TaskRecord>();
  readonly #byMessage = new Map<string, TaskRecord>();
  readonly #bounds: TaskMemoryBounds;

  constructor(bounds: Partial<TaskMemoryBounds> = {}) {
    this.#bounds = { ...agentLimits, ...bounds };
  }

  /** How many tasks are kept. */
  get size(): number {
    return this.#byId.size;
  }

  /** The task with this id, when this owner may see it. */
  find(id: string, owner: string): TaskRecord | undefined {
    const record = this.#byId.get(id);
    if (record === undefined || record.owner !== owner) return undefined;
    this.#byId.delete(id);
    this.#byId.set(id, record);
    return record;
  }

  /** The task that a message with this key reached before. */
  findByMessage(key: string): TaskRecord | undefined {
    return this.#byMessage.get(key);
  }

  /** Keeps a new task and drops old ones as needed. Returns false, and keeps nothing, when all kept tasks are running. */
  add(record: TaskRecord): boolean {
    if (this.#byId.size >= this.#bounds.tasksMax && !this.#dropOldest()) return false;
    this.#byId.set(record.log.task.id, record);
    for (const key of record.messageKeys) this.#byMessage.set(key, record);
    this.shrink();
    return true;
  }

  /** Remembers one more message that reached a kept task. */
  remember(record: TaskRecord, key: string): void {
    record.messageKeys.add(key);
    this.#byMessage.set(key, record);
  }

  /** Drops old tasks until the rest fits the bound of bytes. */
  shrink(): void {
    let bytes = 0;
    for (const record of this.#byId.values()) bytes += record.log.bytes;
    while (bytes > this.#bounds.storeBytesMax) {
      const dropped = this.#dropOldest();
      if (!dropped) return;
      bytes -= dropped.log.bytes;
    }
  }

  /** Every kept task. */
  all(): readonly TaskRecord[] {
    return [...this.#byId.values()];
  }

  /** Ended tasks leave first, then tasks that wait for their caller; running tasks never. */
  #dropOldest(): TaskRecord | false {
    const idle = this.all().filter((record) => record.run === undefined);
    const record = idle.find(({ log }) => log.ended) ?? idle[0];
    if (record === undefined) return false;
    this.#byId.delete(record.log.task.id);
    for (const key of record.messageKeys) this.#byMessage.delete(key);
    return record;
  }
}
