import type { JsonObject, Message } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import { decodeTaskPrice, encodeTaskPrice, isPlain, priceInForce, priceTask } from '../../prices/index.ts';
import type { TaskPrice, TaskUsage } from '../../prices/index.ts';
import type { Route } from '../../routing/index.ts';
import { storedResponse } from '../../tasks/index.ts';
import type { TaskRow, TaskStore } from '../../tasks/index.ts';
import { LoggedUsage } from '../run/task-meter.ts';
import { skillIdOf } from './route-rules.ts';

/** The prices that a task was recorded with, by the names of its agent and its fallback agents. */
export type TaskPrices = ReadonlyMap<string, TaskPrice>;

/** The prices of a task, and what it took before the run that begins. */
export interface TaskPricing {
  readonly prices: TaskPrices;
  readonly before: TaskUsage;
}

export const nothingUsed: TaskUsage = { report: null, workedMs: 0 };

/** The price of an agent for a message that begins a task. */
export function priceFor(route: Route, message: Message, nowMs: number): TaskPrice {
  const unknown = route.prices?.unknownMicrocredits ?? BigInt(limits.unknownPriceMicrocreditsDefault);
  return priceTask(priceInForce(route, skillIdOf(message), nowMs), message, unknown);
}

/** As JSON for the row of a task. */
export function encodeTaskPrices(prices: TaskPrices): string {
  return JSON.stringify(Object.fromEntries(Array.from(prices, ([name, price]) => [name, encodeTaskPrice(price)])));
}

function decodeTaskPrices(stored: JsonObject): TaskPrices {
  const read = Object.entries(stored).map(([name, price]) => [name, decodeTaskPrice(price)] as const);
  return new Map(read.flatMap(([name, price]) => (price === null ? [] : [[name, price] as const])));
}

/**
 * The prices of a stored task. The log is read only when the price depends on what the task took. `clock`: a task that works has worked until
 * now; null: its newest message has not reached the agent.
 */
export async function pricingOf(
  store: Pick<TaskStore, 'readTail'>,
  { tenantId, taskId, prices: stored }: Pick<TaskRow, 'tenantId' | 'taskId' | 'prices'>,
  clock: Pick<Clock, 'nowMs'> | null,
): Promise<{ readonly pricing?: TaskPricing }> {
  if (stored === undefined) return {};
  const prices = decodeTaskPrices(stored);
  if (Array.from(prices.values()).every(({ price }) => isPlain(price))) {
    return { pricing: { prices, before: nothingUsed } };
  }
  const usage = new LoggedUsage();
  for (let seq = 0; ;) {
    const { events, isMore } = await store.readTail(tenantId, taskId, seq);
    for (const { json } of events) {
      const response = storedResponse(json);
      if (response.statusUpdate?.metadata?.['handedTo'] !== undefined) usage.forget();
      usage.add(response);
    }
    seq = events.at(-1)?.seq ?? seq;
    if (!isMore) return { pricing: { prices, before: usage.until(clock?.nowMs() ?? null) } };
  }
}
