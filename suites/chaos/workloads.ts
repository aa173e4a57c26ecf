import type { AgentName } from './agents/behaviour.ts';
import type { OperationRecord } from './checks/evidence.ts';

/** Clients that do one kind of operation again and again. */
export interface LoopPlan {
  readonly kind: OperationRecord['kind'];
  readonly agents: readonly AgentName[];
  readonly loops: number;
  /** Of so many loops one has a second reader, who subscribes to the same task. */
  readonly watchedEvery?: number;
}

/** What the clients of a run do. */
export interface Workload {
  readonly plans: readonly LoopPlan[];
  /** Agents are assigned to loops round robin; each tenant has its agents at an address of their own. */
  readonly tenants: number;
  /** An operation that has no answer after this time ends; the checks then find it as one that never ended. */
  readonly operationMsMax: number;
  /** After the last kill the clients bring every operation to its end, and every task ends. */
  readonly healMsMax: number;
  /** The kills begin when so many tasks are under work. */
  readonly tasksAtFirst: number;
  /** So many tasks end before the kills begin. */
  readonly tasksInCalm: number;
  /** The clients go on after the last kill until so many tasks have ended, those of before included. */
  readonly tasksMin: number;
}

/** Every kind of operation. */
export const mixed: Workload = {
  plans: [
    { kind: 'send', agents: ['echo', 'once', 'steps'], loops: 12 },
    { kind: 'poll', agents: ['echo', 'once', 'steps', 'steps-once'], loops: 8 },
    { kind: 'stream', agents: ['steps', 'steps-once'], loops: 12 },
    { kind: 'watch', agents: ['steps', 'steps-once'], loops: 6 },
  ],
  tenants: 3,
  operationMsMax: 60_000,
  healMsMax: 75_000,
  tasksAtFirst: 0,
  tasksInCalm: 0,
  tasksMin: 0,
};

/** One stream in five is a second reader of another's task. */
const watchedEvery = 4;

/**
 * So many streams alive at a time, of an agent that speaks slowly: four in five are sends, and the others subscribe to the same
 * tasks. One process may have to work on all of them, and keeps no more than 256 connections to one agent: hence the tenants.
 */
export function liveStreams(streams: number, agent: AgentName): Workload {
  const loops = Math.round((streams * watchedEvery) / (watchedEvery + 1));
  return {
    plans: [{ kind: 'stream', agents: [agent], loops, watchedEvery }],
    tenants: 8,
    operationMsMax: 120_000,
    healMsMax: 135_000,
    tasksAtFirst: Math.floor(loops * 0.95),
    tasksInCalm: 0,
    tasksMin: 0,
  };
}

/** Many more clients than their one agent has slots. */
export function slotQueue(clients: number, tasks: Pick<Workload, 'tasksInCalm' | 'tasksMin'>): Workload {
  return {
    plans: [{ kind: 'send', agents: ['slotted'], loops: clients }],
    tenants: 1,
    operationMsMax: 60_000,
    healMsMax: 75_000,
    tasksAtFirst: 1,
    ...tasks,
  };
}
