import type { Evidence, FrozenTask, Invariant, TaskRow } from './evidence.ts';

/** A process that was stopped finds that others did its work, and says nothing more about it. */
export const staleWrites: Invariant = {
  name: 'stale writes',
  promise: 'what a stopped process held was in other hands when it went on, and it changed nothing of it',
  population: ({ frozen }) => frozen.length,
  breaches(evidence) {
    const tasks = new Map(evidence.tasks.map((task) => [task.taskId, task]));
    return evidence.frozen.flatMap((frozen) => {
      const detail = staleFault(frozen, tasks.get(frozen.taskId));
      return detail === undefined ? [] : [{ subject: frozen.taskId, detail }];
    });
  },
};

function staleFault({ attempt, atThaw }: FrozenTask, task: TaskRow | undefined): string | undefined {
  if (task === undefined) return 'is lost';
  if (atThaw.attempt <= attempt) return `was still under attempt ${attempt}`;
  // Another process worked on it.
  if (atThaw.nodeId !== null) return undefined;
  const [before, after] = [standing(atThaw), standing(task)];
  return before === after ? undefined : `was ${before} before and is ${after}`;
}

const standing = ({ state, lastSeq, attempt }: FrozenTask['atThaw']): string =>
  `${state} at ${lastSeq} under attempt ${attempt}`;

/** The tasks of a process that is gone are soon taken over. */
export const takenWithin = (msMax: number): Invariant => ({
  name: 'taken over',
  promise: `no task was with a lost or stopped process for more than ${msMax} ms`,
  population: ({ kills }) => takenOf(kills).length,
  breaches: ({ kills }) =>
    takenOf(kills).flatMap(({ kind, atMs, takenAfterMs }) =>
      takenAfterMs !== null && takenAfterMs <= msMax
        ? []
        : [{ subject: `${kind} at ${atMs}`, detail: `after ${takenAfterMs ?? 0} ms` }],
    ),
});

const takenOf = (kills: Evidence['kills']): Evidence['kills'] =>
  kills.filter(({ takenAfterMs }) => takenAfterMs !== null);
