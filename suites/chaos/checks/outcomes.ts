import { isAgentName, resultFor } from '../agents/behaviour.ts';
import type { AgentRow, EventRow, Evidence, Invariant, TaskRow } from './evidence.ts';
import { foldLog, logsOf, messageIdOf, resultText } from './task-log.ts';

/** The worker that began a task, and those that may take it over before it counts as what they die of (docs/specs/lease.md, LEASE-11). */
const workersMax = 6;

/** Idempotent work completes; other work completes or says that its outcome is unknown; a task of which all workers died is dead-lettered. */
export const outcomes: Invariant = {
  name: 'outcome',
  promise: `every idempotent task completed; others completed or failed as upstream.outcome-unknown; no task is dead-lettered before ${workersMax} workers died of it`,
  population: ({ tasks }) => tasks.length,
  breaches(evidence) {
    const agents = new Map(evidence.agents.map((agent) => [agent.agentId, agent]));
    return evidence.tasks.flatMap((task) => {
      const agent = agents.get(task.agentId);
      if (agent !== undefined && isRightOutcome(task, agent)) return [];
      return [
        { subject: task.taskId, detail: `${agent?.name ?? 'an unknown agent'}: ${task.state} ${task.errorCode ?? ''}` },
      ];
    });
  },
};

function isRightOutcome({ state, errorCode, attempt }: TaskRow, agent: AgentRow): boolean {
  if (state === 'completed') return errorCode === null;
  if (errorCode === 'task.given-up') return state === 'failed' && attempt > workersMax;
  return !agent.idempotent && state === 'failed' && errorCode === 'upstream.outcome-unknown';
}

/** No piece of a result is lost or repeated. */
export const results: Invariant = {
  name: 'result',
  promise: 'the log of every completed task tells the whole result of its agent, each piece once',
  population: ({ tasks }) => tasks.filter(({ state }) => state === 'completed').length,
  breaches(evidence) {
    const names = new Map(evidence.agents.map(({ agentId, name }) => [agentId, name]));
    const logs = logsOf(evidence);
    return evidence.tasks.flatMap(({ taskId, state, agentId }) => {
      if (state !== 'completed') return [];
      const detail = resultFault(logs.get(taskId) ?? [], names.get(agentId) ?? '');
      return detail === undefined ? [] : [{ subject: taskId, detail }];
    });
  },
};

function resultFault(log: readonly EventRow[], agent: string): string | undefined {
  const task = foldLog(log);
  const messageId = messageIdOf(log);
  if (task === undefined || messageId === undefined || !isAgentName(agent)) return `${agent} has no readable log`;
  const expected = resultFor(agent, messageId);
  const told = resultText(task);
  return told === expected ? undefined : `${agent}: "${told}", not "${expected}"`;
}

/** Work is done as often as was promised, and never before it was recorded. */
export const effects: Invariant = {
  name: 'effects',
  promise: 'an agent did the work of a message once; what it did belongs to a recorded task; completed means done',
  population: (evidence) => evidence.effects.length,
  breaches(evidence) {
    const counts = new Map<string, number>();
    for (const { messageId } of evidence.effects) counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
    const states = statesByMessage(evidence);
    const repeated = [...counts].filter(([, count]) => count > 1);
    const unrecorded = [...counts.keys()].filter((messageId) => !states.has(messageId));
    const undone = [...states].filter(([messageId, state]) => state === 'completed' && !counts.has(messageId));
    return [
      ...repeated.map(([subject, count]) => ({ subject, detail: `was done ${count} times` })),
      ...unrecorded.map((subject) => ({ subject, detail: 'was done without a recorded task' })),
      ...undone.map(([subject]) => ({ subject, detail: 'completed without being done' })),
    ];
  },
};

function statesByMessage(evidence: Evidence): Map<string, string> {
  const logs = logsOf(evidence);
  return new Map(evidence.tasks.map(({ taskId, state }) => [messageIdOf(logs.get(taskId) ?? []) ?? taskId, state]));
}
