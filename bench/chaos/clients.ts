/**
 * The clients of a run, in a process of their own that is never killed. The first argument names a file with a `ClientsOrder`.
 * On the message "finish" they begin nothing more, bring what is under way to its end, and the process exits.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunTenant } from '../process/tenants.ts';
import type { OperationRecord } from './checks/evidence.ts';
import { openJournal } from './clients/journal.ts';
import type { Journal } from './clients/journal.ts';
import { perform } from './clients/operations.ts';
import { PlatformClient } from './clients/platform-client.ts';
import { createSeededRandom } from './seeded-random.ts';

/** What the clients are to do. */
export interface ClientsOrder {
  /** Addresses of the platform processes. */
  readonly urls: readonly string[];
  readonly tenants: readonly RunTenant[];
  readonly seed: number;
  readonly journalFile: string;
}

interface LoopPlan {
  readonly kind: OperationRecord['kind'];
  readonly agents: readonly string[];
  readonly loops: number;
}

const plans: readonly LoopPlan[] = [
  { kind: 'send', agents: ['echo', 'once', 'steps'], loops: 12 },
  { kind: 'poll', agents: ['echo', 'once', 'steps', 'steps-once'], loops: 8 },
  { kind: 'stream', agents: ['steps', 'steps-once'], loops: 12 },
  { kind: 'watch', agents: ['steps', 'steps-once'], loops: 6 },
];

/** Between two operations of one loop, so that the clients leave the cores to those they call. */
const restMsMax = 40;
const finishing = new AbortController();

async function loop(order: ClientsOrder, journal: Journal, plan: LoopPlan, index: number): Promise<void> {
  const name = `${plan.kind}-${index}`;
  const random = createSeededRandom(`${order.seed} ${name}`);
  const tenant = order.tenants[index % order.tenants.length];
  if (tenant === undefined) throw new Error('there is no tenant to act for');
  const client = new PlatformClient(order.urls, tenant, random);
  for (let count = 0; !finishing.signal.aborted; count += 1) {
    await perform(plan.kind, {
      client,
      journal,
      random,
      agent: random.pick(plan.agents),
      operation: `${name}-${count}`,
    });
    await wait(random.between(0, restMsMax));
  }
}

const [orderFile = ''] = process.argv.slice(2);
const order = JSON.parse(readFileSync(orderFile, 'utf8')) as ClientsOrder;
const journal = openJournal(order.journalFile);
process.on('message', (message) => {
  if (message === 'finish') finishing.abort();
});
process.on('disconnect', () => process.exit(1));
console.log(JSON.stringify({ msg: 'ready' }));
await Promise.all(
  plans.flatMap((plan) => Array.from({ length: plan.loops }, (_, index) => loop(order, journal, plan, index))),
);
journal.flush();
process.exit(0);
