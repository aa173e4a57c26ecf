import type { Invariant } from './evidence.ts';
import { logsOf, messageIdOf } from './task-log.ts';

/** Nothing that a client was told is untrue afterwards. */
export const acknowledged: Invariant = {
  name: 'acknowledged',
  promise: 'every task a client was told of exists, is the one of its message, and has the state that was told last',
  population: ({ operations }) => operations.filter((operation) => operation.acknowledged.length > 0).length,
  breaches(evidence) {
    const tasks = new Map(evidence.tasks.map((task) => [task.taskId, task]));
    const logs = logsOf(evidence);
    return evidence.operations.flatMap(({ operation, follows, acknowledged: told, outcome }) =>
      [...new Set(told)].flatMap((taskId) => {
        const task = tasks.get(taskId);
        const messageId = messageIdOf(logs.get(taskId) ?? []);
        if (task === undefined) return [{ subject: operation, detail: `task ${taskId} is lost` }];
        if (messageId !== (follows ?? operation))
          return [{ subject: operation, detail: `task ${taskId} is of message ${messageId ?? 'none'}` }];
        if (outcome?.kind !== 'ok' || outcome.state === task.state) return [];
        return [{ subject: operation, detail: `told ${outcome.state}, but task ${taskId} is ${task.state}` }];
      }),
    );
  },
};

/** Every client got its answer in the end. */
export const answered: Invariant = {
  name: 'answered',
  promise: 'every operation ended with its answer, however often it had to be repeated',
  population: ({ operations }) => operations.length,
  breaches: ({ operations }) =>
    operations.flatMap(({ operation, kind, outcome }) => {
      if (outcome?.kind === 'ok') return [];
      return [
        { subject: operation, detail: outcome === null ? `${kind} never ended` : `${kind} failed: ${outcome.reason}` },
      ];
    }),
};

/** A repeated send finds the first one. */
export const recordedOnce: Invariant = {
  name: 'recorded once',
  promise: 'a message has one task however often it was sent, and every answer named that task',
  population: ({ operations }) => operations.filter(({ unknownAttempts }) => unknownAttempts > 0).length,
  breaches(evidence) {
    const tasksOf = new Map<string, string[]>();
    for (const [taskId, log] of logsOf(evidence)) {
      const messageId = messageIdOf(log) ?? 'none';
      tasksOf.set(messageId, [...(tasksOf.get(messageId) ?? []), taskId]);
    }
    const twice = [...tasksOf].filter(([, tasks]) => tasks.length > 1);
    const split = evidence.operations.filter((operation) => new Set(operation.acknowledged).size > 1);
    return [
      ...twice.map(([subject, tasks]) => ({ subject, detail: `has the tasks ${tasks.join()}` })),
      ...split.map((operation) => ({
        subject: operation.operation,
        detail: `was answered with ${operation.acknowledged.join()}`,
      })),
    ];
  },
};
