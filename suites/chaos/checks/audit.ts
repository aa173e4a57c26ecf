import type { Invariant } from './evidence.ts';

/** Who ended what is on record, once. */
export const audited: Invariant = {
  name: 'audit',
  promise:
    'every task has one audit entry of its end, which names its state, and no entry names a task that is not there',
  population: ({ audit }) => audit.length,
  breaches({ tasks, audit }) {
    const ends = Map.groupBy(audit, ({ resource }) => resource);
    const known = new Set(tasks.map(({ taskId }) => taskId));
    const wrong = tasks.flatMap(({ taskId, tenantId, state }) => {
      const expected = `task.${state} of ${tenantId}`;
      const found = (ends.get(taskId) ?? []).map((entry) => `${entry.action} of ${entry.tenantId}`).join(', ');
      return found === expected
        ? []
        : [{ subject: taskId, detail: `audited as ${found || 'nothing'}, not ${expected}` }];
    });
    const unknown = [...ends.keys()].filter((resource) => resource.startsWith('tsk_') && !known.has(resource));
    return [...wrong, ...unknown.map((subject) => ({ subject, detail: 'audited, but not there' }))];
  },
};
