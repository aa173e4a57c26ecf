import type { Message } from '@colloquy/protocol';
import { everything, holdsAt } from '../../../kernel/access-rights.ts';
import type { Caller } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { authorize } from '../../access/index.ts';
import { budgetsOfTask } from '../../budgets/index.ts';
import type { BudgetStatus, BudgetStore } from '../../budgets/index.ts';
import type { CreditLedgerStore } from '../../metering/index.ts';
import { quotedLines, reservedOf } from '../../prices/index.ts';
import type { ItemProblem, PriceSource, QuotedLine } from '../../prices/index.ts';
import { policyFor } from '../../resilience/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { cacheableSkill } from './cached-work.ts';
import { assertCardDemands } from './card-demands.ts';
import { priceSend, reservationOf } from './choose-or-refuse.ts';
import type { SendPrice } from './choose-or-refuse.ts';
import { findCachedResult, spendingOf } from './new-task.ts';
import { forSkill, skillIdOf, withSkill } from './route-rules.ts';
import type { RoutedSend } from './send.ts';
import { priceFor } from './task-prices.ts';

export interface QuotePorts extends Pick<GatewayPorts, 'clock' | 'routes' | 'results'> {
  readonly ledger: Pick<CreditLedgerStore, 'readBalance'>;
  readonly budgets: Pick<BudgetStore, 'list'>;
}

/** A call whose price is asked for. */
export interface QuotedCall {
  readonly agentName: string;
  /** A skill that the agent must have; null: the one that the message names, if any. */
  readonly skillId: string | null;
  readonly message: Message;
}

/** What a call would cost now, and why. */
export interface Quote {
  readonly agentName: string;
  readonly skillId: string | null;
  readonly source: PriceSource;
  readonly lines: readonly QuotedLine[];
  /** Why the inputs say no number of items; null when they do, or need not. */
  readonly itemProblem: ItemProblem | null;
  /** The price of the agent, as far as the message tells it. */
  readonly totalMicrocredits: bigint;
  /** What a send would reserve now. */
  readonly reserveMicrocredits: bigint;
  /** The fallback agent whose higher price would be reserved; null for none. */
  readonly reservedFor: string | null;
  /** The cached result that would answer at its part of the price; null for none. */
  readonly cached: 'fresh' | 'stale' | null;
  /** What the wallet has; null when it suffices and the caller may not read the credits of its tenant. */
  readonly availableMicrocredits: bigint | null;
  /** The budgets that would pay for it, in the order of their names; for a caller that may not read them, only those that would refuse it. */
  readonly budgets: readonly BudgetStatus[];
  /** Whether the wallet and every hard budget would pay what would be reserved. */
  readonly isAffordable: boolean;
}

/**
 * Prices a message as a send does, and records nothing. The agent hears nothing of it. Throws `registry.agent-unknown`, `task.skill-unknown`,
 * `task.media-type-unsupported`, and `request.invalid` for a message that continues a task, which costs nothing.
 */
export function quoteSend(ports: QuotePorts) {
  return async (caller: Caller, { agentName, skillId, message: stated }: QuotedCall): Promise<Quote> => {
    const message = skillId === null ? stated : forSkill(stated, skillId);
    authorize(caller, 'task.send', withSkill({ tenantSlug: caller.tenant.slug, agentName }, message));
    if (message.taskId !== undefined) throw new PlatformError('request.invalid', { violations: [furtherMessage] });
    const route = await ports.routes.resolve(caller.tenant.id, agentName);
    if (skillId !== null && !route.skills.has(skillId)) throw new PlatformError('task.skill-unknown');
    const extensions = route.extensions.filter(({ required }) => required).map(({ uri }) => uri);
    const send = { caller, route, request: { message }, options: { extensions } };
    assertCardDemands(route, send);
    const named = skillIdOf(message);
    const price = await priceSend(ports, send, policyFor(route.resilience, named).fallback);
    const hit = cacheableSkill(route, message) === null ? null : await findCachedResult(ports.results, send);
    const own = price.prices?.get(agentName) ?? priceFor(route, message, ports.clock.nowMs());
    const reserveMicrocredits = reservationOf(price, hit);
    const [{ availableMicrocredits }, budgets] = await Promise.all([
      ports.ledger.readBalance(caller.tenant.id),
      budgetsOf(ports, send),
    ]);
    const isCovered = reserveMicrocredits <= availableMicrocredits;
    const refusing = budgets.filter((one) => !isPaidBy(one, reserveMicrocredits));
    const mayRead = mayReadCredits(caller);
    return {
      agentName,
      skillId: named,
      source: own.source,
      lines: quotedLines(own),
      itemProblem: own.itemProblem,
      totalMicrocredits: price.callMicrocredits,
      reserveMicrocredits,
      reservedFor: hit === null ? dearestFallback(price, agentName) : null,
      cached: hit === null ? null : hit.found.isStale ? 'stale' : 'fresh',
      availableMicrocredits: mayRead || !isCovered ? availableMicrocredits : null,
      budgets: mayRead ? budgets : refusing,
      isAffordable: isCovered && refusing.length === 0,
    };
  };
}

/** Without this right a caller is told only what the refusal of a send would tell it. */
function mayReadCredits({ scopes, access }: Caller): boolean {
  return scopes.has('credits:read') && (access === everything || holdsAt(access, 'credits:read', {}));
}

/** The budgets that pay for a task of this send, as they stand now. */
async function budgetsOf(
  { budgets, clock }: QuotePorts,
  send: Pick<RoutedSend, 'caller' | 'route' | 'request'>,
): Promise<readonly BudgetStatus[]> {
  if (send.route.budgets === undefined) return [];
  const { windows } = budgetsOfTask(send.route.budgets, spendingOf(send), clock.nowMs());
  if (windows.length === 0) return [];
  const paying = new Set(windows.map(({ budget }) => budget.budgetId));
  const { items } = await budgets.list(send.caller.tenant.id, { after: null, limit: limits.budgetsPerTenantMax });
  return items.filter(({ budget }) => paying.has(budget.budgetId));
}

/** Whether a budget lets a task reserve so much. A soft one refuses nothing, and a free task needs none. */
export function isPaidBy({ budget, leftMicrocredits }: BudgetStatus, reserveMicrocredits: bigint): boolean {
  return budget.mode === 'soft' || reserveMicrocredits === 0n || reserveMicrocredits <= leftMicrocredits;
}

const furtherMessage = { field: 'message.taskId', description: 'a further message of a task costs nothing' };

/** The fallback agent that is reserved for, because it costs more than the agent itself. */
function dearestFallback(
  { prices, callMicrocredits, reserveMicrocredits }: SendPrice,
  agentName: string,
): string | null {
  if (prices === null || reserveMicrocredits === callMicrocredits) return null;
  for (const [name, price] of prices) {
    if (name !== agentName && reservedOf(price) === reserveMicrocredits) return name;
  }
  return null;
}
