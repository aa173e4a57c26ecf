import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Page } from '../../kernel/page.ts';
import { agentTiers } from '../registry/index.ts';
import type { AgentTier } from '../registry/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { assertCursor } from './list-objectives.ts';
import { defaultObjective } from './objective.ts';
import type { ObjectiveChange, SlaObjective } from './objective.ts';
import { judgeSla } from './sla-budget.ts';
import type { SlaVerdict } from './sla-budget.ts';
import type { ReportFacts, ReportRequest, SlaStore } from './sla-store.ts';
import { emptyCount } from './sla-sums.ts';
import type { AgentCount } from './sla-sums.ts';

/** The SLA report of a month of UTC. */
export interface SlaReport {
  readonly from: Date;
  readonly to: Date;
  /** Whether the month is not over yet, so that the report may change. */
  readonly isRunning: boolean;
  readonly pendingEntries: number;
  readonly changes: readonly ObjectiveChange[];
  readonly total: SlaVerdict;
  readonly tiers: readonly (SlaVerdict & { readonly tier: AgentTier })[];
  readonly agents: Page<SlaVerdict & { readonly agentName: string; readonly tier: AgentTier }>;
}

/**
 * The report of a month, or of one agent in it. Throws `registry.agent-unknown` for a name that no agent has or had, and `request.invalid` for a
 * month that has not begun or is beyond the retention time.
 */
export function readSlaReport({ sla }: { readonly sla: Pick<SlaStore, 'report'> }) {
  return async (caller: Caller, request: ReportRequest): Promise<SlaReport> => {
    const { agentName, page } = request;
    if (agentName !== null && slugProblem(agentName) !== null) throw new PlatformError('registry.agent-unknown');
    assertCursor(page);
    const facts = await sla.report(caller.tenant.id, request);
    assertKept(facts);
    const isRunning = facts.now.getTime() < facts.to.getTime();
    return {
      from: facts.from,
      to: facts.to,
      isRunning,
      pendingEntries: facts.pendingEntries,
      changes: facts.changes,
      total: judgeSla(facts.total ?? emptyCount, null, isRunning),
      tiers: agentTiers.map((tier) => ({
        tier,
        ...judgeSla(facts.tiers.get(tier) ?? emptyCount, tierObjective(facts, tier), isRunning),
      })),
      agents: {
        items: agentsOf(facts, request).map(({ agentName: name, tier, count }) => ({
          agentName: name,
          tier,
          ...judgeSla(count, agentObjective(facts, name) ?? tierObjective(facts, tier), isRunning),
        })),
        next: facts.agents.next,
      },
    };
  };
}

function assertKept({ now, from }: ReportFacts): void {
  const refuse = (description: string): never => {
    throw new PlatformError('request.invalid', { violations: [{ field: 'month', description }] });
  };
  if (from.getTime() > now.getTime()) refuse('has not begun yet');
  // Some hours of an older month are deleted already, so its report would be incomplete.
  if (from.getTime() < now.getTime() - limits.slaKeptMs) refuse('is longer ago than counts are kept');
}

/** A requested agent is listed even when none of its tasks ended. */
function agentsOf({ agents, agentTier }: ReportFacts, { agentName, page }: ReportRequest): readonly AgentCount[] {
  if (agentName === null || agents.items.length > 0 || page.after !== null) return agents.items;
  if (agentTier === null) throw new PlatformError('registry.agent-unknown');
  return [{ agentName, tier: agentTier, count: emptyCount }];
}

function tierObjective({ inForce }: ReportFacts, tier: AgentTier): SlaObjective {
  const said = inForce.find(({ subject }) => subject.kind === 'tier' && subject.name === tier);
  return said?.objective ?? defaultObjective(tier);
}

function agentObjective({ inForce }: ReportFacts, name: string): SlaObjective | null {
  return inForce.find(({ subject }) => subject.kind === 'agent' && subject.name === name)?.objective ?? null;
}
