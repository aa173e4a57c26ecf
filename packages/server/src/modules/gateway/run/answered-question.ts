import { isInterrupted } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';

/**
 * What an agent streams about a further turn. Many agents begin it with the task as they had it, which still asks what the user has
 * just answered (the official SDK demands such a first event). That is no new question: such a snapshot tells its artifacts only.
 * An agent that says nothing after it is asked for the task as soon as its stream has ended.
 */
export function withoutAnsweredQuestion(known: Task, item: StreamResponse): StreamResponse {
  const { task } = item;
  if (task === undefined || !asksWhatIsAnswered(known, task)) return item;
  return { task: { ...task, status: known.status } };
}

/** Whether a status that begins a stream is that of old: the streams of some wires have no whole tasks to begin with. */
export function repeatsAnsweredQuestion(known: Task, { statusUpdate }: StreamResponse): boolean {
  return statusUpdate?.status.message !== undefined && asksWhatIsAnswered(known, statusUpdate);
}

function asksWhatIsAnswered({ history = [] }: Task, { status }: Pick<Task, 'status'>): boolean {
  if (!isInterrupted(status.state)) return false;
  const answerAt = history.findLastIndex(({ role }) => role === 'ROLE_USER');
  // The first turn answers nothing.
  if (answerAt < 1) return false;
  return status.message === undefined || status.message.messageId === history[answerAt - 1]?.messageId;
}
