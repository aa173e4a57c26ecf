import { isTerminal } from '@colloquy/protocol';
import type { StreamResponse, TaskState } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { settledOf, usageReportIn } from '../../prices/index.ts';
import type { TaskPrice, TaskUsage, UsageReport } from '../../prices/index.ts';

export interface TaskMeterPorts {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly reportMalformedUsage: () => void;
}

/** Measures what a task takes of the agent that works on it, and prices it. Another agent begins with another meter. */
export class TaskMeter {
  readonly #price: TaskPrice;
  readonly #ports: TaskMeterPorts;
  readonly #sinceMs: number;
  readonly #before: TaskUsage;
  #report: UsageReport | null;
  #endedMs: number | null = null;

  constructor(price: TaskPrice, before: TaskUsage, ports: TaskMeterPorts) {
    this.#price = price;
    this.#before = before;
    this.#report = before.report;
    this.#ports = ports;
    this.#sinceMs = ports.clock.monotonicMs();
  }

  /** Reads the usage that an accepted event reports. The newest report replaces those before it. */
  hear(response: StreamResponse): void {
    const report = reportIn(response);
    if (report === 'malformed') this.#ports.reportMalformedUsage();
    else if (report !== null) this.#report = report;
    const state = response.statusUpdate?.status.state;
    if (state !== undefined && isTerminal(state)) this.#endedMs ??= this.#ports.clock.monotonicMs();
  }

  /** What the task costs as of now. */
  get microcredits(): bigint {
    const { report, workedMs } = this.usage;
    return settledOf(this.#price, report, workedMs);
  }

  /** What the task took as of now, in whole milliseconds. */
  get usage(): TaskUsage {
    const untilMs = this.#endedMs ?? this.#ports.clock.monotonicMs();
    return { report: this.#report, workedMs: Math.ceil(this.#before.workedMs + untilMs - this.#sinceMs) };
  }
}

function reportIn({ statusUpdate, artifactUpdate }: StreamResponse): UsageReport | 'malformed' | null {
  const places = [
    statusUpdate?.status.message?.metadata,
    statusUpdate?.metadata,
    artifactUpdate?.artifact.metadata,
    artifactUpdate?.metadata,
  ];
  for (const metadata of places) {
    const report = usageReportIn(metadata);
    if (report !== null) return report;
  }
  return null;
}

/**
 * The usage that the log of a task tells, when another run goes on with it: the newest report, and the time in the state working. The time
 * before the agent's first event is not in the log, so it is not charged after a takeover.
 */
export class LoggedUsage {
  #report: UsageReport | null = null;
  #workedMs = 0;
  #workingSinceMs: number | null = null;

  add(response: StreamResponse): void {
    const report = reportIn(response);
    if (report !== null && report !== 'malformed') this.#report = report;
    const { state, timestamp } = response.statusUpdate?.status ?? {};
    if (state !== undefined && timestamp !== undefined) this.#enter(state, Date.parse(timestamp));
  }

  /** Nothing of an agent that was asked before counts for the next one. */
  forget(): void {
    this.#report = null;
    this.#workedMs = 0;
    this.#workingSinceMs = null;
  }

  /** Null: what is open is not counted. */
  until(workingUntilMs: number | null): TaskUsage {
    const since = this.#workingSinceMs;
    const open = since === null || workingUntilMs === null ? 0 : Math.max(0, workingUntilMs - since);
    return { report: this.#report, workedMs: this.#workedMs + open };
  }

  #enter(state: TaskState, atMs: number): void {
    if (state === 'TASK_STATE_WORKING') this.#workingSinceMs ??= atMs;
    else if (this.#workingSinceMs !== null) {
      this.#workedMs += Math.max(0, atMs - this.#workingSinceMs);
      this.#workingSinceMs = null;
    }
  }
}
