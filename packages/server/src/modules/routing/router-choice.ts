import type { TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { RankedOffer, RoutedBy } from './rank-offers.ts';

/** One skill that the router considered. `verdict` is `won`, the reason why it lost, or the error code that refused its agent. */
export interface OfferReport {
  readonly agent: string;
  readonly skill: string;
  readonly verdict: string;
  readonly rank: number;
  readonly tier: string;
  readonly priceMicrocredits: number;
  /** Members that its input schema requires. */
  readonly asksFor?: number;
}

/** The agent and skill that the router chose, and why; part of the decision that is stored with the task. */
export interface RouterChoice {
  readonly by: RoutedBy;
  readonly skill: string;
  /** How many skills were considered. */
  readonly offers: number;
  /** Why the chooser did not choose, where there is one. */
  readonly chooser?: 'failed' | 'none-fits';
  /** In the order in which they were tried; at most `limits.routerReportsMax`. */
  readonly considered: readonly OfferReport[];
}

/** Tasks that were sent to the router. */
export interface RoutedTasks {
  /** The name of the agent that a task of this owner was routed to; null for an unknown task or another owner's. Throws `platform.unavailable`. */
  findAgent(tenantId: TenantId, ownerId: string, taskId: TaskId): Promise<string | null>;
}

/** The reports of the offers when one of them is tried; `refused` has the error codes of offers before it, by index. */
export function reportOffers(
  ranked: readonly RankedOffer[],
  tried: number,
  refused: ReadonlyMap<number, string>,
): readonly OfferReport[] {
  return ranked.slice(0, Math.max(limits.routerReportsMax, tried + 1)).map((one, at) => ({
    agent: one.offer.agentName,
    skill: one.offer.skillId.slice(0, limits.decisionWordCharsMax),
    verdict: at === tried ? 'won' : (refused.get(at) ?? (one.isFit ? 'lower-rank' : 'schema-does-not-fit')),
    rank: Math.round(one.offer.rank * 10_000) / 10_000,
    tier: one.offer.tier,
    priceMicrocredits: Number(one.offer.priceMicrocredits),
    ...(one.asksFor === null ? {} : { asksFor: one.asksFor }),
  }));
}
