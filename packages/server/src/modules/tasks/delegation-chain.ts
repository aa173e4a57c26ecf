import type { TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';

/** The delegation chain of a task: the tasks and agents that led to it. A task that is not delegated has one only when it has a budget. */
export interface DelegationChain {
  /** The task that it all began with. */
  readonly root: TaskId;
  /** The task that this one was sent for; null for the root. */
  readonly parent: TaskId | null;
  /** Hops from the root: 0 for the root. */
  readonly depth: number;
  /** Names of the agents on the way, the root's first; `limits.delegationDepthMax` of them at most. */
  readonly ancestors: readonly string[];
  /** Microcredits that the chain could still spend when this task was recorded; absent without a budget. */
  readonly budgetLeft?: number;
}

/** A task on whose behalf others are sent. */
export interface DelegationParent {
  readonly taskId: TaskId;
  readonly agentName: string;
  /** The addresses of its agent's instances and of its receivers of notifications. */
  readonly audiences: readonly string[];
  /** It has not ended, or ended less than `limits.delegationGraceMs` ago. */
  readonly isOpen: boolean;
  readonly chain: DelegationChain | null;
  /** Hops that the tenant allows below a chain's first task; null: as many as the platform does. */
  readonly depthMax: number | null;
  /** The tasks whose budgets pay for it and for what it sends. */
  readonly budgetTaskIds: readonly TaskId[];
}

/** What a send adds to a task that is recorded. */
export interface TaskDelegation {
  readonly chain: DelegationChain;
  /** The tasks whose budgets it is charged to; each of them is an ancestor. */
  readonly budgetTaskIds: readonly TaskId[];
  /** What it and everything below it may cost; null: as much as the chain has. */
  readonly budgetMicrocredits: bigint | null;
}

/** The chain of a task at this agent that is sent for `parent`, or why there can be none. */
export function extendChain(
  { taskId, agentName, chain, depthMax }: Pick<DelegationParent, 'taskId' | 'agentName' | 'chain' | 'depthMax'>,
  nextAgentName: string,
): DelegationChain | 'loop' | 'too-deep' {
  const ancestors = [...(chain?.ancestors ?? []), agentName];
  if (ancestors.includes(nextAgentName)) return 'loop';
  const depth = (chain?.depth ?? 0) + 1;
  if (depth > Math.min(depthMax ?? limits.delegationDepthMax, limits.delegationDepthMax)) return 'too-deep';
  return { root: chain?.root ?? taskId, parent: taskId, depth, ancestors };
}
