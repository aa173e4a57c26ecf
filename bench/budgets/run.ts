import { bodyBytes } from '../compare/plan.ts';
import { runLoad } from '../load/run-load.ts';
import { postmasterPidBelow } from '../process/postgres-server.ts';
import { cpuMsOf, cpuMsOfFamily } from '../process/usage.ts';
import { inWorkFolder } from '../process/work-folder.ts';
import { budgetConnections, tenantNames } from './plan.ts';
import type { BudgetPlan, TenantName } from './plan.ts';
import { budgetBarsOf } from './report.ts';
import type { BudgetReport, BudgetRound } from './report.ts';
import { setBudgetStage } from './stage.ts';
import type { BudgetStage } from './stage.ts';

/** Compares the sends of tenants with and without priced skills and budgets, in alternation at one process. */
export async function measureBudgets(plan: BudgetPlan): Promise<BudgetReport> {
  const startedMs = performance.now();
  return inWorkFolder('colloquy-budgets-', async (folder) => {
    await using stage = await setBudgetStage(folder);
    const postgresPid = postmasterPidBelow(folder.path);
    if (postgresPid === undefined) throw new Error('no PostgreSQL server runs in the data folder');
    const settling = { ...plan, warmupMs: 0, measureMs: plan.settleMs, postgresPid };
    for (const tenant of tenantNames) await measureOne(stage, { tenant, connections: 32, round: 0 }, settling);
    const rounds: BudgetRound[] = [];
    for (const connections of budgetConnections) {
      for (let round = 0; round < plan.rounds; round += 1) {
        const first = round % tenantNames.length;
        for (const tenant of [...tenantNames.slice(first), ...tenantNames.slice(0, first)])
          rounds.push(await measureOne(stage, { tenant, connections, round }, { ...plan, postgresPid }));
      }
    }
    const bars = budgetBarsOf(rounds, await stage.readUncounted());
    return { plan, rounds, bars, seconds: (performance.now() - startedMs) / 1000 };
  });
}

interface Measured {
  readonly tenant: TenantName;
  readonly connections: number;
  readonly round: number;
}

async function measureOne(
  stage: BudgetStage,
  measured: Measured,
  { warmupMs, measureMs, postgresPid }: BudgetPlan & { readonly postgresPid: number },
): Promise<BudgetRound> {
  const { tenant, connections, round } = measured;
  const cpu = () => ({ server: cpuMsOf(stage.platform.program.pid), postgres: cpuMsOfFamily(postgresPid) });
  let opened = cpu();
  let closed = opened;
  const load = await runLoad(
    { ...(await stage.target(tenant)), connections, warmupMs, measureMs, bodyBytes, answer: 'task' },
    { opened: () => void (opened = cpu()), closed: () => void (closed = cpu()) },
  );
  console.log(`${connections} connections, round ${round + 1}, ${tenant}: ${load.requestsPerSecond.toFixed(0)} req/s`);
  for (const sample of load.errorSamples) console.log(`  error: ${sample}`);
  const each = (ms: number): number => (ms * 1000) / Math.max(1, load.answers);
  const cpuMicroseconds = {
    server: each(closed.server - opened.server),
    postgres: each(closed.postgres - opened.postgres),
  };
  return { ...measured, load, cpuMicroseconds };
}
