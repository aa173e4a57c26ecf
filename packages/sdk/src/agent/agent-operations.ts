import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { trimTask } from '@colloquy/protocol';
import type {
  CancelTaskRequest,
  GetTaskRequest,
  SendMessageRequest,
  SendMessageResponse,
  SubscribeToTaskRequest,
  Task,
} from '@colloquy/protocol';
import { acceptMessage, findTask } from './accept-message.ts';
import type { AgentRuntime, Requester } from './accept-message.ts';
import { agentLimits } from './agent-limits.ts';
import { AgentRefusal } from './agent-refusal.ts';
import type { LoggedEvent } from './task-log.ts';
import { cancelTask } from './task-run.ts';
import { settled, viewTask } from './task-view.ts';

/** SendMessage (A2A 1.0 section 3.1.1): waits for the end of the task unless told to return at once. */
export async function sendMessage(
  runtime: AgentRuntime,
  request: SendMessageRequest,
  requester: Requester,
): Promise<SendMessageResponse> {
  const { record } = await acceptMessage(runtime, request.message, requester);
  const { log } = record;
  await yieldToEventLoop();
  if (request.configuration?.returnImmediately !== true) {
    await settled(log, requester.signal, agentLimits.blockingWaitMs);
  }
  if (log.reply !== undefined) return { message: log.reply };
  record.shown = true;
  return { task: trimTask(log.task, { historyLength: request.configuration?.historyLength }) };
}

/** SendStreamingMessage (section 3.1.2): closes at the end of the task or when the agent asks for input. */
export async function streamMessage(
  runtime: AgentRuntime,
  request: SendMessageRequest,
  requester: Requester,
): Promise<AsyncIterable<LoggedEvent>> {
  const { record, first } = await acceptMessage(runtime, request.message, requester);
  await yieldToEventLoop();
  if (record.log.reply === undefined) record.shown = true;
  const { afterSeq, signal } = requester;
  return viewTask(record.log, { afterSeq, first, endAt: ['TASK_STATE_INPUT_REQUIRED'], signal });
}

/** SubscribeToTask (section 3.1.6): a snapshot and what follows, also across interruptions. */
export function subscribeToTask(
  runtime: AgentRuntime,
  request: SubscribeToTaskRequest,
  requester: Requester,
): AsyncIterable<LoggedEvent> {
  const { log } = findTask(runtime, request.id, requester);
  if (log.ended && requester.afterSeq === undefined) {
    throw new AgentRefusal('UnsupportedOperationError', 'The task has ended; get it instead of subscribing to it.');
  }
  return viewTask(log, { afterSeq: requester.afterSeq, endAt: [], signal: requester.signal });
}

/** GetTask (section 3.1.3). */
export function getTask(runtime: AgentRuntime, request: GetTaskRequest, requester: Requester): Task {
  return trimTask(findTask(runtime, request.id, requester).log.task, { historyLength: request.historyLength });
}

/** CancelTask (section 3.1.5). Canceling a canceled task again is no error. */
export async function cancel(runtime: AgentRuntime, request: CancelTaskRequest, requester: Requester): Promise<Task> {
  const record = findTask(runtime, request.id, requester);
  const done = record.log.ended && record.log.task.status.state !== 'TASK_STATE_CANCELED';
  if (done || !(await cancelTask(record))) {
    throw new AgentRefusal('TaskNotCancelableError', 'The task has ended and can not be canceled.', {
      metadata: { taskId: request.id },
    });
  }
  return record.log.task;
}
