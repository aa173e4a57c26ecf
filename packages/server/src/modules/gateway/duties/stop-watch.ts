import { isInterrupted } from '@colloquy/protocol';
import type { TaskId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { StopInForce, StoppedTarget, StoppedWorkStore, TaskStore } from '../../tasks/index.ts';
import { cancelIdleTask } from '../run/fail-idle-task.ts';
import type { FailPorts } from '../run/fail-idle-task.ts';
import type { TaskRuns } from '../run/task-runs.ts';

export interface StopWatchPorts extends FailPorts {
  readonly stopped: StoppedWorkStore;
  readonly store: Pick<TaskStore, 'findForWork' | 'write'>;
  readonly runs: Pick<TaskRuns, 'cancel'>;
  readonly report: (error: unknown) => void;
  /** A stop was found that was not known here: what is kept of its tenant is old. */
  readonly onFound: (tenantId: TenantId) => void;
}

/**
 * Drains what is stopped: tasks under work get the wish to cancel, which whoever holds their lease obeys; tasks that wait for their callers
 * are canceled here. A send may be recorded in the moment of the stop, so a new stop is looked at for a while; older ones now and then.
 */
export class StopWatch {
  readonly #ports: StopWatchPorts;
  /** The stops that were found by the last look at all of them, and by those since. */
  #known = new Set<string>();
  #lookedAtAllMs: number | null = null;
  #looking: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(ports: StopWatchPorts) {
    this.#ports = ports;
  }

  /** One look; asked for during one, another follows. Rejects when the database is away; the next look does the rest. */
  look(): Promise<void> {
    if (this.#looking !== null) this.#isAskedAgain = true;
    this.#looking ??= this.#lookUntilQuiet().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #lookUntilQuiet(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      const youngerThanMs = this.#youngerThanMs();
      const targets = await this.#ports.stopped.listStops(youngerThanMs);
      if (youngerThanMs === null) this.#forgetAllBut(targets);
      for (const target of targets) this.#find(target);
      for (const target of targets) await this.#drain(target);
    } while (this.#isAskedAgain);
  }

  /** Null, for all of them, at the first look and then as often as the house is kept. */
  #youngerThanMs(): number | null {
    const nowMs = this.#ports.clock.monotonicMs();
    const isDue = this.#lookedAtAllMs === null || nowMs - this.#lookedAtAllMs >= limits.housekeepingMs;
    if (isDue) this.#lookedAtAllMs = nowMs;
    return isDue ? null : limits.stopWatchedMs;
  }

  #find(stop: StopInForce): void {
    const key = keyOf(stop);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#ports.onFound(stop.tenantId);
  }

  #forgetAllBut(targets: readonly StopInForce[]): void {
    this.#known = new Set(targets.map(keyOf).filter((key) => this.#known.has(key)));
  }

  async #drain(target: StoppedTarget): Promise<void> {
    const { stopped, runs, announce } = this.#ports;
    const { asked, waiting } = await stopped.drain(target, limits.stoppedTasksMax);
    for (const taskId of asked) if (!runs.cancel(taskId)) announce(taskId);
    await Promise.all(waiting.map((taskId) => this.#cancelWaiting(target.tenantId, taskId)));
  }

  async #cancelWaiting(tenantId: TenantId, taskId: TaskId): Promise<void> {
    const row = await this.#ports.store.findForWork(tenantId, taskId);
    // It went on, and is found under work by the next look, or has ended.
    if (row === null || !(row.isQueued || isInterrupted(row.state))) return;
    await cancelIdleTask(this.#ports, row).catch(this.#ports.report);
  }
}

/** Of the stop, not of what is stopped: that may be lifted and stopped again between two looks. */
function keyOf({ tenantId, kind, name, stoppedAtMs }: StopInForce): string {
  return `${tenantId} ${kind} ${name} ${stoppedAtMs}`;
}
