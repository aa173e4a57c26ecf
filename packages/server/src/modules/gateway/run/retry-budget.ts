import type { AgentId } from '../../../kernel/ids.ts';
import { keepNewest } from '../../../kernel/keep-newest.ts';
import { limits } from '../../../kernel/limits.ts';

/**
 * Limits retries: each task sent to an agent earns a share of a retry, and each retry costs one. So a failing agent gets at most
 * `limits.retryShare` more calls than tasks, plus the retries that were saved up.
 */
export class RetryBudget {
  readonly #saved = new Map<AgentId, number>();

  /** A task was sent to the agent. */
  earn(agentId: AgentId): void {
    const saved = this.#saved.get(agentId);
    if (saved === undefined) keepNewest(this.#saved, agentId, limits.retriesAtFirst, limits.retryBudgetsMax);
    else if (saved < limits.retriesSavedMax) this.#saved.set(agentId, saved + limits.retryShare);
  }

  /** Spends one retry; false when there is none. */
  spend(agentId: AgentId): boolean {
    const saved = this.#saved.get(agentId) ?? limits.retriesAtFirst;
    if (saved < 1) return false;
    keepNewest(this.#saved, agentId, saved - 1, limits.retryBudgetsMax);
    return true;
  }
}
