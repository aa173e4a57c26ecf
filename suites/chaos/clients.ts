/**
 * The clients of a run, in a process of their own that is never killed. The first argument names a file with a `ClientsOrder`.
 * On the message "finish" they begin nothing more, bring what is under way to its end, and the process exits.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunTenant } from '@colloquy/bench/process/tenants';
import { openJournal } from './clients/journal.ts';
import type { Journal } from './clients/journal.ts';
import { perform } from './clients/operations.ts';
import type { Work } from './clients/operations.ts';
import { PlatformClient } from './clients/platform-client.ts';
import { Tokens } from './clients/tokens.ts';
import { createSeededRandom } from '../seeded-random.ts';
import type { LoopPlan } from './workloads.ts';

/** What the clients are to do. */
export interface ClientsOrder {
  /** Addresses of the platform processes. */
  readonly urls: readonly string[];
  readonly tenants: readonly RunTenant[];
  readonly seed: number;
  readonly journalFile: string;
  readonly plans: readonly LoopPlan[];
  readonly operationMsMax: number;
}

/** Between two operations of one loop, so that the clients leave the cores to those they call. */
const restMsMax = 40;
const finishing = new AbortController();

/** One loop of a plan: one operation after the other, each by itself or with a second reader. */
async function loop(order: ClientsOrder, journal: Journal, plan: LoopPlan, index: number): Promise<void> {
  const name = `${plan.kind}-${index}`;
  const work = workOf(order, journal, { name, index });
  const watcher = workOf(order, journal, { name: `${name}-watch`, index });
  for (let count = 0; !finishing.signal.aborted; count += 1) {
    const operation = `${name}-${count}`;
    const agent = work.random.pick(plan.agents);
    let watched: Promise<void> | undefined;
    const watch = (taskId: string): void => {
      const follows = { taskId, messageId: operation };
      watched = perform('watch', { ...watcher, agent, operation: `${operation}-watch`, follows });
    };
    const hasWatcher = plan.watchedEvery !== undefined && index % plan.watchedEvery === 0;
    await perform(plan.kind, { ...work, agent, operation, ...(hasWatcher ? { onTask: watch } : {}) });
    await watched;
    await wait(work.random.between(0, restMsMax));
  }
}

/** What the operations of one reader have in common. */
function workOf(
  { urls, tenants, seed, operationMsMax: msMax }: ClientsOrder,
  journal: Journal,
  { name, index }: { readonly name: string; readonly index: number },
): Omit<Work, 'agent' | 'operation'> {
  const random = createSeededRandom(`${seed} ${name}`);
  const tenant = tenants[index % tenants.length];
  const tokens = tokensOf[index % tenants.length];
  if (tenant === undefined || tokens === undefined) throw new Error('there is no tenant to act for');
  return { client: new PlatformClient({ urls, tenantSlug: tenant.slug, tokens, random }), journal, random, msMax };
}

// A kill cuts a thousand streams at once. Where in this program that was noticed is never read, and a stack trace for each would delay the reconnects.
Error.stackTraceLimit = 0;

const [orderFile = ''] = process.argv.slice(2);
const order = JSON.parse(readFileSync(orderFile, 'utf8')) as ClientsOrder;
const journal = openJournal(order.journalFile);
const tokensOf = order.tenants.map((tenant) => new Tokens(tenant));
process.on('message', (message) => {
  if (message === 'finish') finishing.abort();
});
process.on('disconnect', () => process.exit(1));
console.log(JSON.stringify({ msg: 'ready' }));
await Promise.all(
  order.plans.flatMap((plan) => Array.from({ length: plan.loops }, (_, index) => loop(order, journal, plan, index))),
);
journal.flush();
process.exit(0);
