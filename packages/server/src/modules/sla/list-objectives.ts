import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { agentTiers } from '../registry/index.ts';
import type { AgentTier } from '../registry/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { defaultObjective } from './objective.ts';
import type { ObjectiveChange, SlaObjective } from './objective.ts';
import type { SlaStore } from './sla-store.ts';

/** The objective of a tier. */
export interface TierObjective {
  readonly tier: AgentTier;
  readonly objective: SlaObjective;
  /** The tenant's latest change; null: the platform's default is in force. */
  readonly said: ObjectiveChange | null;
}

export interface ListedObjectives {
  readonly tiers: readonly TierObjective[];
  /** Agents with an objective of their own. */
  readonly agents: Page<ObjectiveChange>;
}

/** The objectives of the caller's tenant. Throws `request.invalid` for an invalid cursor. */
export function listObjectives({ sla }: { readonly sla: Pick<SlaStore, 'list'> }) {
  return async (caller: Caller, page: PageRequest): Promise<ListedObjectives> => {
    assertCursor(page);
    const { tiers, agents } = await sla.list(caller.tenant.id, page);
    return {
      tiers: agentTiers.map((tier) => {
        const said = tiers.find(({ subject }) => subject.name === tier) ?? null;
        return { tier, objective: said?.objective ?? defaultObjective(tier), said };
      }),
      agents,
    };
  };
}

/** Cursors of lists of agents are their names. */
export function assertCursor({ after }: PageRequest): void {
  if (after === null || slugProblem(after) === null) return;
  throw new PlatformError('request.invalid', { violations: [{ field: 'after', description: 'is no cursor' }] });
}
