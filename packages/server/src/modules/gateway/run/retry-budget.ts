import type { AgentId } from '../../../kernel/ids.ts';
import { keepNewest } from '../../../kernel/keep-newest.ts';
import { limits } from '../../../kernel/limits.ts';

/**
 * Bounds what is said again: each call of an agent earns a part of a retry, each retry costs one. So an agent that fails gets at most
 * `limits.retryShare` more work than it was given, and what is saved up.
 */
export class RetryBudget {
  readonly #saved = new Map<AgentId, number>();

  /** A task was sent to the agent. */
  earn(agentId: AgentId): void {
    const saved = this.#saved.get(agentId);
    if (saved === undefined) keepNewest(this.#saved, agentId, limits.retriesAtFirst, limits.retryBudgetsMax);
    else if (saved < limits.retriesSavedMax) this.#saved.set(agentId, saved + limits.retryShare);
  }

  /** Whether one more try may be made; it is paid for. */
  spend(agentId: AgentId): boolean {
    const saved = this.#saved.get(agentId) ?? limits.retriesAtFirst;
    if (saved < 1) return false;
    keepNewest(this.#saved, agentId, saved - 1, limits.retryBudgetsMax);
    return true;
  }
}
