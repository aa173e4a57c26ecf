import type { JsonValue } from '@colloquy/protocol';
import { agentsReached, holdsAt } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { AgentId, TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { decodeTaskPrice, decodeUsage, settledLines } from '../prices/index.ts';
import type { PriceLine, TaskUsage } from '../prices/index.ts';
import type { DelegationChain } from './delegation-chain.ts';

export interface InspectTaskInput {
  readonly taskId: string;
  /** Events of the log after this sequence; at most `limits.logPageEventsMax` of them. */
  readonly afterSeq: number;
}

/** A task of the caller's tenant at an agent that its rights reach, of any sender; throws `task.unknown`. */
export function inspectTask(ports: { readonly inspector: TaskInspector }) {
  return async (caller: Caller, { taskId, afterSeq }: InspectTaskInput): Promise<InspectedTask> => {
    if (!isId('tsk', taskId)) throw new PlatformError('task.unknown');
    const range = { afterSeq, limit: limits.logPageEventsMax };
    const task = await ports.inspector.inspect(caller.tenant.id, taskId, range);
    if (task === null || !holdsAt(caller.access, 'tasks:inspect', { agentName: task.agentName }))
      throw new PlatformError('task.unknown');
    const usage = decodeUsage(task.usage);
    return { ...task, usage, lines: linesOf(task, usage) };
  };
}

/** What a completed task cost, part by part. Without a measured price it is one line; a task that did not complete has none. */
function linesOf(task: TaskInspection, usage: TaskUsage | null): readonly PriceLine[] {
  if (task.state !== 'completed') return [];
  const price = decodeTaskPrice(membersOf(membersOf(task.decision)['prices'])[task.workedName]);
  if (usage !== null && price !== null) return settledLines(price, usage);
  const amountMicrocredits = task.settledMicrocredits;
  if (amountMicrocredits === 0n) return [];
  const quantity = 1_000_000n;
  return [{ component: 'call', unit: null, quantity, unitMicrocredits: amountMicrocredits, amountMicrocredits }];
}

function membersOf(value: unknown): Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export interface ListInspectedTasksInput extends PageRequest {
  /** Only tasks of the agent of this name; null for every agent. */
  readonly agentName: string | null;
}

/**
 * Tasks of the caller's tenant at the agents that its rights reach, of any sender, newest first. A page may have fewer items than wanted, or none,
 * though others follow. Throws `request.invalid` for an invalid cursor.
 */
export function listInspectedTasks(ports: { readonly inspector: TaskInspector }) {
  return async (caller: Caller, { agentName, after, limit }: ListInspectedTasksInput): Promise<Page<TaskSummary>> => {
    if (after !== null && !isId('tsk', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const reached = agentsReached(caller.access, 'tasks:inspect');
    const wanted = agentName === null ? reached : [agentName];
    const agentNames = wanted?.filter((name) => holdsAt(caller.access, 'tasks:inspect', { agentName: name })) ?? null;
    if (agentNames?.length === 0) return { items: [], next: null };
    const { tasks, readTo } = await ports.inspector.list(caller.tenant.id, { agentNames, after, limit: limit + 1 });
    const page = pageOf(tasks, limit, ({ taskId }) => taskId);
    return { ...page, next: page.next ?? readTo };
  };
}

/** What a task costs. */
export interface TaskCost {
  /** The price that was reserved when the task was recorded. */
  readonly reservedMicrocredits: bigint;
  /** What was charged at the end; 0 before. */
  readonly settledMicrocredits: bigint;
  /** The part of the reservation that was refunded at the end; 0 before. */
  readonly releasedMicrocredits: bigint;
}

/** The state of a task of any owner, and its cost. */
export interface TaskSummary extends TaskCost {
  readonly taskId: TaskId;
  readonly agentName: string;
  readonly ownerId: string;
  /** As the specification names it, in lower case: `submitted`, `input-required` … */
  readonly state: string;
  /** Why a failed task failed; null for others. */
  readonly errorCode: string | null;
  readonly createdAt: Date;
  readonly statusAt: Date;
}

/** What the platform knows about a task, for the administrators of the tenant: no content of messages or artifacts. */
export interface TaskInspection extends TaskSummary {
  readonly contextId: string;
  readonly agentId: AgentId;
  readonly attempt: number;
  /** The name of the agent that did the work. */
  readonly workedName: string;
  /** The routing decision as it was recorded. */
  readonly decision: unknown;
  /** What the task took, as it was recorded at its end; null when its price has no such parts. */
  readonly usage: unknown;
  /** The delegation chain; null for a task that is not delegated and has no budget. */
  readonly chain: DelegationChain | null;
  /** Length of the task's log. */
  readonly lastSeq: number;
  /** A part of the log in its order. */
  readonly events: readonly InspectedTaskEvent[];
}

/** A task with the lines of what it cost. */
export interface InspectedTask extends TaskInspection {
  /** Null when its price was not measured. */
  readonly usage: TaskUsage | null;
  /** They add up to the price. The overage policy of the tenant decides what is settled of a price above the reservation. */
  readonly lines: readonly PriceLine[];
}

export interface InspectedTaskEvent {
  readonly seq: number;
  readonly kind: string;
  /** The state of the task after the event; null for an event that names none. */
  readonly state: string | null;
  readonly occurredAt: Date;
}

/** Which part of a log is wanted. */
export interface LogRange {
  /** Events after this sequence; 0 for the first. */
  readonly afterSeq: number;
  /** At most so many, at least 1. */
  readonly limit: number;
}

/** Which tasks are wanted. */
export interface InspectedTasksQuery {
  /** Only tasks of agents with these names; null for every agent. */
  readonly agentNames: readonly string[] | null;
  /** Only tasks that were recorded before this one; null for the newest. */
  readonly after: TaskId | null;
  readonly limit: number;
}

/** Tasks that were found. */
export interface InspectedTasks {
  /** In the order of their ids, newest first. */
  readonly tasks: readonly TaskSummary[];
  /** The oldest task that was read, when the search ended there and not at the limit; null when there are no more of those wanted. */
  readonly readTo: TaskId | null;
}

/** Reads tasks of every owner of a tenant. Promises of an implementation: task and events are of one moment; no other tenant's task is shown. */
export interface TaskInspector {
  /** Those of some agents are sought among `limits.inspectedTasksReadMax` tasks. */
  list(tenantId: TenantId, query: InspectedTasksQuery): Promise<InspectedTasks>;
  /** Null when the tenant has no such task. */
  inspect(tenantId: TenantId, taskId: TaskId, range: LogRange): Promise<TaskInspection | null>;
}
