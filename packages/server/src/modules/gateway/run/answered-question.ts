import { isInterrupted } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';

/**
 * Filters the stream of an agent about a further message. Many agents begin it with the task as they had it, which still asks the question that
 * the user has just answered (the official SDK demands such a first event). That is no new question: only the artifacts of such a snapshot
 * count. When nothing follows it, the agent is asked for the task after its stream has ended.
 */
export function withoutAnsweredQuestion(known: Task, item: StreamResponse): StreamResponse {
  const { task } = item;
  if (task === undefined || !asksWhatIsAnswered(known, task)) return item;
  return { task: { ...task, status: known.status } };
}

/** Whether the first status of a stream repeats the answered question: on some wires a stream can not begin with a whole task. */
export function repeatsAnsweredQuestion(known: Task, { statusUpdate }: StreamResponse): boolean {
  return statusUpdate?.status.message !== undefined && asksWhatIsAnswered(known, statusUpdate);
}

function asksWhatIsAnswered({ history = [] }: Task, { status }: Pick<Task, 'status'>): boolean {
  if (!isInterrupted(status.state)) return false;
  const answerAt = history.findLastIndex(({ role }) => role === 'ROLE_USER');
  // The first message answers no question.
  if (answerAt < 1) return false;
  return status.message === undefined || status.message.messageId === history[answerAt - 1]?.messageId;
}
