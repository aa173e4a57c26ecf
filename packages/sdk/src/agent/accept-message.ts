import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isActive, isInterrupted, isTerminal } from '@colloquy/protocol';
import type { Message, Task } from '@colloquy/protocol';
import type { Delegation } from '../delegation.ts';
import { agentLimits } from './agent-limits.ts';
import { AgentRefusal } from './agent-refusal.ts';
import type { ForwardCaller } from './agent-task.ts';
import { snapshotOf, TaskLog } from './task-log.ts';
import type { LoggedEvent } from './task-log.ts';
import type { TaskMemory } from './task-memory.ts';
import type { TaskRecord } from './task-record.ts';
import { appendStatus, TaskRun } from './task-run.ts';
import type { RunOptions } from './task-run.ts';

/** The state that the operations of one agent server share. */
export interface AgentRuntime extends RunOptions {
  readonly memory: TaskMemory;
  /** Whether the same message finds its task again instead of starting another. */
  readonly idempotent: boolean;
}

/** The caller of one request. */
export interface Requester {
  /** Present when the server was given `trust`. */
  readonly caller: ForwardCaller | undefined;
  /** The delegation that the platform sent with the message; absent for other callers. */
  readonly delegation?: Delegation | undefined;
  /** Aborts when the connection is gone: ends the answer, never the task. */
  readonly signal: AbortSignal;
  /** The newest event that the caller has already (`Last-Event-ID`). */
  readonly afterSeq?: number | undefined;
}

/** The outcome of a message. */
export interface Accepted {
  readonly record: TaskRecord;
  /** The task as the message left it, with which a stream starts; absent when the message had reached its task before. */
  readonly first?: LoggedEvent;
}

/** Starts a task with the message, continues the one it names, or finds the one it reached before. */
export async function acceptMessage(runtime: AgentRuntime, message: Message, requester: Requester): Promise<Accepted> {
  const key = messageKey(message, ownerOf(requester));
  const known = runtime.idempotent ? runtime.memory.findByMessage(key) : undefined;
  if (known !== undefined) return { record: known };
  if (message.taskId === undefined) return startTask(runtime, message, { requester, key });
  const record = findTask(runtime, message.taskId, requester);
  // A handler that asked for input may still be tidying up.
  if (record.run !== undefined && isInterrupted(record.log.task.status.state)) {
    await Promise.race([record.run.finished, delay(agentLimits.cancelWaitMs, undefined, { ref: false })]);
    if (record.messageKeys.has(key)) return { record };
  }
  return continueTask(runtime, record, message, { requester, key });
}

interface Arrival {
  readonly requester: Requester;
  readonly key: string;
}

function startTask(runtime: AgentRuntime, message: Message, { requester, key }: Arrival): Accepted {
  const id = randomUUID();
  const contextId = message.contextId ?? randomUUID();
  const task: Task = {
    id,
    contextId,
    status: { state: 'TASK_STATE_SUBMITTED', timestamp: new Date().toISOString() },
    history: [{ ...message, taskId: id, contextId }],
  };
  const messageKeys = new Set(runtime.idempotent ? [key] : []);
  const record: TaskRecord = { log: new TaskLog(task), owner: ownerOf(requester), messageKeys, shown: false };
  if (!runtime.memory.add(record)) {
    throw new AgentRefusal('UnavailableError', 'The agent has as many tasks at work as it can keep; retry later.', {
      retryAfterMs: 1_000,
    });
  }
  record.run = new TaskRun(record, message, { ...runtime, caller: requester.caller, delegation: requester.delegation });
  return { record, first: snapshotOf(record.log) };
}

function continueTask(
  runtime: AgentRuntime,
  record: TaskRecord,
  message: Message,
  { requester, key }: Arrival,
): Accepted {
  const { task } = record.log;
  refuseFollowUp(task, message);
  if (record.run !== undefined) throw busy();
  const nextMessage: Message = { ...message, taskId: task.id, ...pick(task) };
  appendStatus(record, 'TASK_STATE_WORKING');
  record.log.addMessage(nextMessage);
  if (runtime.idempotent) runtime.memory.remember(record, key);
  record.run = new TaskRun(record, nextMessage, {
    ...runtime,
    caller: requester.caller,
    delegation: requester.delegation,
  });
  return { record, first: snapshotOf(record.log) };
}

function refuseFollowUp(task: Task, message: Message): void {
  if (message.contextId !== undefined && message.contextId !== task.contextId) {
    const violations = [{ field: 'message.contextId', description: 'must be the contextId of the task' }];
    throw new AgentRefusal('InvalidParamsError', 'The contextId is not the one of the task.', { violations });
  }
  if (isTerminal(task.status.state)) {
    throw new AgentRefusal('UnsupportedOperationError', 'The task has ended; send a new message in the same context.');
  }
  if (isActive(task.status.state)) throw busy();
  if ((task.history ?? []).length >= agentLimits.taskMessagesMax) {
    throw new AgentRefusal('UnsupportedOperationError', 'The task has as many messages as one task may have.');
  }
}

function busy(): AgentRefusal {
  return new AgentRefusal('UnsupportedOperationError', 'The task is being worked on; wait until it asks for input.', {
    retryAfterMs: 1_000,
  });
}

function pick({ contextId }: Task): Pick<Message, 'contextId'> {
  return contextId === undefined ? {} : { contextId };
}

/** The same messageId with other content is another message, because senders may reuse ids. */
function messageKey(message: Message, owner: string): string {
  const content = JSON.stringify([owner, message.messageId, message.contextId, message.taskId, message.parts]);
  return createHash('sha256').update(content).digest('base64');
}

/** The task with this id. A task that does not exist and one that this caller may not see give the same error. */
export function findTask(runtime: AgentRuntime, id: string, requester: Requester): TaskRecord {
  const record = runtime.memory.find(id, ownerOf(requester));
  if (record === undefined || record.log.reply !== undefined) throw unknownTask(id);
  record.shown = true;
  return record;
}

function unknownTask(id: string): AgentRefusal {
  return new AgentRefusal('TaskNotFoundError', 'There is no such task.', { metadata: { taskId: id } });
}

function ownerOf(requester: Requester): string {
  return requester.caller?.tenant ?? '';
}
