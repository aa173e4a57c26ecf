import { uuidOf } from '@colloquy/server/test';
import { findBookFaults, readExpired } from './books.ts';
import { findFaults } from './find-faults.ts';
import type { Operated } from './messages.ts';
import type { CreditPlan } from './plan.ts';
import { policies } from './seeds.ts';
import type { CreditTenant } from './seeds.ts';
import type { CreditStage } from './stage.ts';

/** What one round came to. */
export interface Round extends Omit<Operated, 'expected' | 'lapsed'> {
  readonly checks: number;
}

/** Operations of a round on new tenants, by all processes at once. */
export async function operateRandomly(
  stage: CreditStage,
  plan: CreditPlan,
  { seed, hasBudgets }: { readonly seed: string; readonly hasBudgets: boolean },
): Promise<Round> {
  const { processes, nodeId } = stage;
  const tenants = await Promise.all(
    policies.map(({ credits, ...policy }) => stage.seed({ credits, policy, hasBudgets })),
  );
  const checks = new Checks(stage, tenants, plan);
  for (const process of processes) process.onDone = (done) => checks.count(done);
  const operating = processes.map((process, at) =>
    process.order<Operated>({
      do: 'operate',
      tenants,
      nodeId,
      seed: `${seed}/${at}`,
      workers: share(plan.workers, at, processes.length),
      operations: share(plan.operationsInRound, at, processes.length),
    }),
  );
  checks.begin();
  const operated = await Promise.all(operating);
  const expected = [...tenants, ...operated].flatMap((one) => one.expected);
  const faults = [...(await checks.end()), ...operated.flatMap((one) => one.faults)];
  faults.push(...(await findFaults(stage, tenants, expected)));
  for (const { tenantId } of tenants) {
    const told = operated.flatMap(({ lapsed }) => lapsed).filter(([id]) => id === tenantId);
    const sum = told.reduce((total, [, amount]) => total + amount, 0n);
    const expired = await readExpired(stage.admin, uuidOf(tenantId));
    if (sum !== expired) faults.push(`${tenantId} has ${expired} expired, and the store told of ${sum}`);
  }
  const counts: Record<string, number> = {};
  for (const one of operated)
    for (const [name, count] of Object.entries(one.counts)) counts[name] = (counts[name] ?? 0) + count;
  return {
    operations: operated.reduce((sum, { operations }) => sum + operations, 0),
    repeats: operated.reduce((sum, { repeats }) => sum + repeats, 0),
    checks: checks.made,
    counts,
    faults,
  };
}

/** How many of them fall to one of several. */
function share(count: number, at: number, among: number): number {
  return Math.floor((count + at) / among);
}

/** Checks the books at every so many operations, while these go on; they may be at most two checks ahead. */
class Checks {
  readonly #stage: CreditStage;
  readonly #tenants: readonly CreditTenant[];
  readonly #tenantIds: readonly string[];
  readonly #plan: CreditPlan;
  readonly #faults: string[] = [];
  #done = 0;
  #making: Promise<void> = Promise.resolve();
  #asked = 0;
  made = 0;

  constructor(stage: CreditStage, tenants: readonly CreditTenant[], plan: CreditPlan) {
    this.#stage = stage;
    this.#tenants = tenants;
    this.#tenantIds = tenants.map(({ tenantId }) => uuidOf(tenantId));
    this.#plan = plan;
  }

  begin(): void {
    this.#allow();
  }

  count(done: number): void {
    this.#done += done;
    while (this.#done >= (this.#asked + 1) * this.#plan.operationsBetweenChecks) {
      this.#asked += 1;
      this.#making = this.#making.then(() => this.#make());
    }
  }

  async #make(): Promise<void> {
    const faults = [...(await findBookFaults(this.#stage.admin, this.#tenantIds))];
    // It must not report a difference while the tenant is busy, either.
    for (const { tenantId } of this.#tenants) faults.push(...(await this.#stage.reconcile(tenantId)));
    this.#faults.push(...faults.map((fault) => `check ${this.made + 1}: ${fault}`));
    this.made += 1;
    this.#allow();
  }

  /** Each process may go on by its share. */
  #allow(): void {
    const { processes } = this.#stage;
    const ahead = (this.made + 2) * this.#plan.operationsBetweenChecks;
    for (const process of processes) process.allow(Math.ceil(ahead / processes.length));
  }

  async end(): Promise<readonly string[]> {
    await this.#making;
    return this.#faults;
  }
}
