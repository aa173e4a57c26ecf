import type { EventRow, Invariant, TaskRow } from './evidence.ts';
import { endsTask, logsOf, rowState, stateAfter } from './task-log.ts';

/** The log has no gap and no repeat, and ends where the task's row says. */
export const gapless: Invariant = {
  name: 'log gapless',
  promise: 'the log of every task is 1, 2, 3 … and ends at the sequence of its row',
  population: ({ events }) => events.length,
  breaches(evidence) {
    const logs = logsOf(evidence);
    return evidence.tasks.flatMap(({ taskId, lastSeq }) => {
      const sequences = (logs.get(taskId) ?? []).map(({ seq }) => seq);
      const right = sequences.length === lastSeq && lastSeq > 0 && sequences.every((seq, index) => seq === index + 1);
      return right ? [] : [{ subject: taskId, detail: `row ends at ${lastSeq}, log is ${sequences.join()}` }];
    });
  },
};

/** One end, at the end. */
export const endedOnce: Invariant = {
  name: 'ended once',
  promise: 'every task has exactly one terminal event, it is the last, and it is the state of its row',
  population: ({ tasks }) => tasks.length,
  breaches(evidence) {
    const logs = logsOf(evidence);
    return evidence.tasks.flatMap((task) => {
      const detail = endFault(task, logs.get(task.taskId) ?? []);
      return detail === undefined ? [] : [{ subject: task.taskId, detail }];
    });
  },
};

function endFault({ state, nodeId }: TaskRow, log: readonly EventRow[]): string | undefined {
  const ends = log.filter(endsTask);
  const last = log.at(-1);
  const lastState = last && stateAfter(last);
  if (ends.length !== 1) return `${ends.length} terminal events; the row is ${state}`;
  if (last === undefined || ends[0] !== last) return `events after the end at ${ends[0]?.seq ?? 0}`;
  if (lastState === undefined || rowState(lastState) !== state)
    return `the log ends ${lastState ?? 'stateless'}, the row is ${state}`;
  return nodeId === null ? undefined : `ended, yet still leased to ${nodeId}`;
}
